// Conditions as data, as domain/conditions.py of the server describes them.

/** Null, a truth value, a number, a text, or a list of numbers or texts. */
export type Value = null | boolean | number | string | readonly (number | string)[]
export type Values = Readonly<Record<string, Value>>

const ORDERS: Readonly<Record<string, (a: number | string, b: number | string) => boolean>> = {
  '<': (a, b) => a < b,
  '<=': (a, b) => a <= b,
  '>': (a, b) => a > b,
  '>=': (a, b) => a >= b,
}

/**
 * Tell whether a condition holds.
 *
 * @throws Error for a form or a name that there is not: a mistake in the table of rules, or one newer than this client.
 */
export function holds(condition: readonly unknown[], values: Values): boolean {
  const [kind, ...rest] = condition
  if (kind === 'all') return rest.every((one) => holds(listOf(one), values))
  if (kind === 'any') return rest.some((one) => holds(listOf(one), values))
  if (kind === 'not') return !holds(listOf(rest[0]), values)
  const [left, right] = [named(rest[0], values), operand(rest[1], values)]
  if (kind === '==') return left === right
  if (kind === '!=') return left !== right
  if (kind === 'in') return left !== null && Array.isArray(right) && right.includes(left)
  const order = typeof kind === 'string' ? ORDERS[kind] : undefined
  if (order === undefined) throw new Error('a form of condition that there is not')
  return left !== null && right !== null && order(left as number, right as number)
}

function operand(said: unknown, values: Values): Value {
  const isName = typeof said === 'object' && said !== null && 'var' in said
  return isName ? named(said.var, values) : (said as Value)
}

function named(name: unknown, values: Values): Value {
  const value = typeof name === 'string' ? values[name] : undefined
  if (value === undefined) throw new Error('a name in a rule that there is not')
  return value
}

function listOf(condition: unknown): readonly unknown[] {
  if (!Array.isArray(condition)) throw new Error('a condition that is no list')
  return condition
}
