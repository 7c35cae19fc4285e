// What is written beside a view: side and projection with its modifiers, and how it was taken.

import type { Attributes } from './turning.ts'

/** Abbreviations of view modifiers (CID 4015; ACR's for what has none), before or behind the projection. */
const BEFORE: Readonly<Record<string, string>> = { magnification: 'M', spot_compression: 'S' }
const BEHIND: Readonly<Record<string, string>> = {
  implant_displaced: 'ID',
  cleavage: 'CV',
  axillary_tail: 'AT',
  rolled_lateral: 'RL',
  rolled_medial: 'RM',
  rolled_inferior: 'RI',
  rolled_superior: 'RS',
  tangential: 'TAN',
  infra_mammary_fold: 'IMF',
  nipple_in_profile: 'NP',
  anterior_compression: 'AC',
  axillary_tissue: 'AX',
}

/** `R MLO`, `L M CC`, `R CC ID`. */
export function labelOf(side: string, view: string, attributes: Attributes): string {
  const modifiers = listed(attributes['view_modifiers'])
  const written = (table: Readonly<Record<string, string>>) => modifiers.flatMap((one) => table[one] ?? [])
  return [side, ...written(BEFORE), view, ...written(BEHIND)].join(' ')
}

/** Facts that change what an image can show; to be said in words. */
export type Flag = 'partial' | 'implant'

export function flagsOf(attributes: Attributes): readonly Flag[] {
  const isPartial = attributes['partial_view'] === 'YES'
  const hasImplant = attributes['breast_implant_present'] === 'YES'
  return [...(isPartial ? ['partial' as const] : []), ...(hasImplant ? ['implant' as const] : [])]
}

/** How an image was taken, in lines with their units; what the header does not say is left out. */
export function techniqueOf(attributes: Attributes): readonly string[] {
  const value = (keyword: string, unit: string, { digits = 0, factor = 1 } = {}) => {
    const found = Number(attributes[keyword] ?? Number.NaN) * factor
    return Number.isFinite(found) ? [`${found.toFixed(digits)}${unit === '°' ? '' : ' '}${unit}`] : []
  }
  const filter = listed(attributes['filter_material'])
  const target = [attributes['anode_target_material'], ...filter].filter((one) => typeof one === 'string').map((one) => metal(String(one)))
  return [
    [...value('kvp', 'kV'), ...value('exposure', 'mAs'), ...value('exposure_time', 'ms')],
    target.length > 0 ? [target.join('/')] : [],
    [...value('body_part_thickness', 'mm'), ...value('compression_force', 'N'), ...value('positioner_primary_angle', '°')],
    // in dGy in the header
    value('organ_dose', 'mGy', { digits: 2, factor: 100 }),
  ]
    .filter((line) => line.length > 0)
    .map((line) => line.join(' · '))
}

const METALS: Readonly<Record<string, string>> = {
  MOLYBDENUM: 'Mo',
  RHODIUM: 'Rh',
  TUNGSTEN: 'W',
  SILVER: 'Ag',
  ALUMINUM: 'Al',
  COPPER: 'Cu',
}

function metal(name: string): string {
  return METALS[name] ?? name.toLowerCase()
}

function listed(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.map(String) : typeof value === 'string' ? [value] : []
}
