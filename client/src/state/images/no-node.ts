// Stands in for modules of Node that code for both names and a browser never reaches.

export default {}
