/** Values of the key `formats` in the configuration; frozen once they are released. */
export const formats = ['html', 'pdf', 'json', 'oscal', 'ocsf', 'csv'] as const
