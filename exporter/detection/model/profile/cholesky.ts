/** Keeps a matrix with a row of zeros solvable: nothing is known in that direction, so nothing moves. */
const SMALLEST_PIVOT = 1e-12

/**
 * Solution of A·x = b for a symmetric matrix without negative eigenvalues, by Cholesky's factors A = L·Lᵀ.
 * @param matrix the lower triangle; the upper one is not read
 */
export function choleskySolution(matrix: readonly Float64Array[], right: Float64Array): Float64Array {
  const size = right.length
  const factor = Array.from({ length: size }, () => new Float64Array(size))
  const at = (rows: readonly Float64Array[], row: number, column: number) =>
    (rows[row] as Float64Array)[column] as number
  for (let row = 0; row < size; row++) {
    for (let column = 0; column <= row; column++) {
      let sum = at(matrix, row, column)
      for (let k = 0; k < column; k++) sum -= at(factor, row, k) * at(factor, column, k)
      const line = factor[row] as Float64Array
      line[column] = row === column ? Math.sqrt(Math.max(SMALLEST_PIVOT, sum)) : sum / at(factor, column, column)
    }
  }
  const solution = Float64Array.from(right)
  for (let row = 0; row < size; row++) {
    let sum = solution[row] as number
    for (let k = 0; k < row; k++) sum -= at(factor, row, k) * (solution[k] as number)
    solution[row] = sum / at(factor, row, row)
  }
  for (let row = size - 1; row >= 0; row--) {
    let sum = solution[row] as number
    for (let k = row + 1; k < size; k++) sum -= at(factor, k, row) * (solution[k] as number)
    solution[row] = sum / at(factor, row, row)
  }
  return solution
}
