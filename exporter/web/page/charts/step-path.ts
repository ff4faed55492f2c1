/** A step a minute at the height of its value; undefined values leave a gap. */
export function stepPath(values: readonly (number | undefined)[], width: number, y: (value: number) => number): string {
  return values
    .map((value, index) => {
      if (value === undefined) return ''
      const isFirst = values[index - 1] === undefined
      return isFirst ? `M${index * width} ${y(value)}h${width}` : `V${y(value)}h${width}`
    })
    .join('')
}
