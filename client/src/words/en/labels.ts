/** What the server says of answers – categories, their definitions, what differs – as a person reads it. */
export const labels = {
  /** A text of labels.toml, or of the server's list of differences; what is not known stays as it is. */
  told: (text: string): string => text,
  definitions: 'Definitions',
  birads: 'BI-RADS of a breast',
  densities: 'Density',
  categories: 'Findings',
  needsBirads: 'with BI-RADS',
  source: 'As this project has them in labels.toml. Those that come with mammoset are in our words, after the ACR BI-RADS Atlas (5th edition, 2013); the categories are those of VinDr-Mammo (2023).',
}
