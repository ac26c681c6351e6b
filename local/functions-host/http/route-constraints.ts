/** Constraints of route parameters (`{id:int:min(1)}`), with the names and meanings of ASP.NET Core. */

/** Whether a parameter's value may stand. */
export type Constraint = (value: string) => boolean;

const isInteger = (value: string, limit: bigint): boolean => {
  if (!/^[+-]?\d{1,19}$/.test(value)) return false;
  const number = BigInt(value.replace('+', ''));
  return number >= -limit && number < limit;
};
const isNumber: Constraint = (value) => /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i.test(value);
const guid = /^(?:[0-9a-f]{32}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/i;

const plain: Record<string, Constraint> = {
  int: (value) => isInteger(value, 2n ** 31n),
  long: (value) => isInteger(value, 2n ** 63n),
  bool: (value) => /^(?:true|false)$/i.test(value),
  guid: (value) => guid.test(value),
  decimal: (value) => isNumber(value) && !/e/i.test(value),
  double: isNumber,
  float: isNumber,
  alpha: (value) => /^[a-z]*$/i.test(value),
  datetime: (value) => !Number.isNaN(Date.parse(value)),
  required: (value) => value !== '',
};

const withArgument: Record<string, (argument: string) => Constraint> = {
  minlength: (argument) => (value) => value.length >= Number(argument),
  maxlength: (argument) => (value) => value.length <= Number(argument),
  length: (argument) => {
    const [least = 0, most = least] = numbers(argument);
    return (value) => value.length >= least && value.length <= most;
  },
  min: (argument) => (value) => isInteger(value, 2n ** 63n) && Number(value) >= Number(argument),
  max: (argument) => (value) => isInteger(value, 2n ** 63n) && Number(value) <= Number(argument),
  range: (argument) => {
    const [least = 0, most = least] = numbers(argument);
    return (value) => isInteger(value, 2n ** 63n) && Number(value) >= least && Number(value) <= most;
  },
  regex: (argument) => {
    const pattern = new RegExp(argument, 'i');
    return (value) => pattern.test(value);
  },
};

const numbers = (argument: string): number[] => argument.split(',').map(Number);

/** The constraint of a name and its argument. Throws where there is none. */
export function constraint(name: string, argument: string | undefined): Constraint {
  const key = name.toLowerCase();
  const found = argument === undefined ? plain[key] : withArgument[key]?.(argument);
  if (!found) throw new Error(`The route constraint '${name}' does not exist.`);
  return found;
}
