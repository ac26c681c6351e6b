/**
 * ASP.NET Core route templates: `rooms/{id:int}`, `files/{*path}`, `{a}.{b}`, `{id?}`, `{lang=en}`. Pure functions of
 * text; which template of several wins is said here too.
 * https://learn.microsoft.com/aspnet/core/fundamentals/routing#route-templates
 */
import { constraint, type Constraint } from './route-constraints.ts';

interface Parameter {
  kind: 'parameter';
  name: string;
  isCatchAll: boolean;
  isOptional: boolean;
  fallback: string | undefined;
  constraints: Constraint[];
}
interface Literal {
  kind: 'literal';
  text: string;
}
type Part = Literal | Parameter;

export interface RouteTemplate {
  /** As it was written. */
  text: string;
  segments: Part[][];
}

/** Parses a template. Throws a sentence about what is wrong with it. */
export function parseTemplate(text: string): RouteTemplate {
  const segments = scan(text.replace(/^~?\//, '').replace(/\/$/, ''));
  for (const [index, parts] of segments.entries()) {
    const isLast = index === segments.length - 1;
    for (const part of parts) {
      if (part.kind === 'parameter' && part.isCatchAll && (!isLast || parts.length > 1)) {
        throw new Error(`The route '${text}' may have a catch-all parameter only as its last segment.`);
      }
    }
  }
  return { text, segments };
}

/** Cuts a template into segments, and those into text and parameters. Doubled braces are text. */
function scan(template: string): Part[][] {
  const segments: Part[][] = [];
  let parts: Part[] = [];
  let literal = '';
  const endLiteral = (): void => {
    if (literal) parts.push({ kind: 'literal', text: literal });
    literal = '';
  };
  const endSegment = (): void => {
    endLiteral();
    if (parts.length === 0) throw new Error(`The route '${template}' has an empty segment.`);
    segments.push(parts);
    parts = [];
  };
  for (let index = 0; index < template.length; index++) {
    const character = template.charAt(index);
    if ((character === '{' || character === '}') && template.charAt(index + 1) === character) {
      literal += character;
      index++;
    } else if (character === '{') {
      endLiteral();
      const end = parameterEnd(template, index + 1);
      parts.push(parseParameter(template.slice(index + 1, end), template));
      index = end;
    } else if (character === '}') {
      throw new Error(`The route '${template}' has a '}' without a '{'.`);
    } else if (character === '/') {
      endSegment();
    } else {
      literal += character;
    }
  }
  if (template !== '') endSegment();
  return segments;
}

/** Where the parameter that begins at `start` has its closing brace. */
function parameterEnd(template: string, start: number): number {
  for (let index = start; index < template.length; index++) {
    const character = template.charAt(index);
    if (character !== '{' && character !== '}') continue;
    if (template.charAt(index + 1) === character) index++;
    else if (character === '}') return index;
    else break;
  }
  throw new Error(`The route '${template}' has a '{' without a '}'.`);
}

const unescape = (text: string): string => text.replaceAll('{{', '{').replaceAll('}}', '}');

function parseParameter(text: string, template: string): Parameter {
  const match = /^(\*{0,2})([^:=?*]+)((?::[^:(=?]+(?:\((?:.*?)\)(?=[:=?]|$))?)*)(?:=([^?]*))?(\?)?$/s.exec(
    text,
  );
  if (!match) throw new Error(`The route '${template}' has a parameter '{${text}}' that cannot be read.`);
  const [, stars = '', name = '', constraints = '', fallback, question] = match;
  return {
    kind: 'parameter',
    name,
    isCatchAll: stars !== '',
    isOptional: question !== undefined,
    fallback,
    constraints: [...constraints.matchAll(/:([^:(]+)(?:\((.*?)\)(?=:|$))?/gs)].map(
      ([, kind = '', argument]) => constraint(kind, argument === undefined ? undefined : unescape(argument)),
    ),
  };
}

/** The values of a template's parameters for a path (raw, without its leading slash), or undefined. */
export function matchTemplate(template: RouteTemplate, path: string): Record<string, string> | undefined {
  const given = path
    .replace(/\/$/, '')
    .split('/')
    .filter((segment, index, all) => all.length > 1 || segment !== '');
  const values: Record<string, string> = {};
  for (const [index, parts] of template.segments.entries()) {
    const [only] = parts;
    if (only?.kind === 'parameter' && only.isCatchAll) {
      const rest = given.slice(index).map(decode).join('/');
      return assign(values, only, rest === '' ? only.fallback : rest, true) ? values : undefined;
    }
    const segment = given[index];
    if (segment === undefined) {
      if (parts.length !== 1 || only?.kind !== 'parameter') return undefined;
      if (!only.isOptional && only.fallback === undefined) return undefined;
      if (only.fallback !== undefined) values[only.name] = only.fallback;
      continue;
    }
    if (!matchSegment(parts, decode(segment), values)) return undefined;
  }
  return given.length > template.segments.length ? undefined : values;
}

const escapeRegExp = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);

function matchSegment(parts: Part[], text: string, values: Record<string, string>): boolean {
  const [only] = parts;
  if (parts.length === 1 && only?.kind === 'parameter') return assign(values, only, text, false);
  const source = parts.map((part) => (part.kind === 'literal' ? escapeRegExp(part.text) : '(.+)')).join('');
  const match = new RegExp(`^${source}$`, 'is').exec(text);
  if (!match) return false;
  const parameters = parts.filter((part) => part.kind === 'parameter');
  return parameters.every((parameter, index) => assign(values, parameter, match[index + 1], false));
}

function assign(
  values: Record<string, string>,
  parameter: Parameter,
  value: string | undefined,
  mayBeAbsent: boolean,
): boolean {
  if (value === undefined || value === '') return mayBeAbsent || parameter.isOptional;
  if (!parameter.constraints.every((holds) => holds(value))) return false;
  values[parameter.name] = value;
  return true;
}

/** Percent-decodes as the real web server does: an encoded slash stays encoded, and what is malformed stays as it is. */
function decode(segment: string): string {
  return segment.replaceAll(/(?:%(?!2f)[0-9a-f]{2})+/gi, (run) => {
    try {
      return decodeURIComponent(run);
    } catch {
      return run;
    }
  });
}

/** Orders templates: segment by segment, literal text before constrained before free parameters before catch-alls. */
export function comparePrecedence(left: RouteTemplate, right: RouteTemplate): number {
  const length = Math.max(left.segments.length, right.segments.length);
  for (let index = 0; index < length; index++) {
    const difference = weight(left.segments[index]) - weight(right.segments[index]);
    if (difference !== 0) return difference;
  }
  return 0;
}

function weight(parts: Part[] | undefined): number {
  const [only] = parts ?? [];
  if (!parts || !only) return 0;
  if (parts.length > 1) return 2;
  if (only.kind === 'literal') return 1;
  const isFree = only.constraints.length === 0 ? 1 : 0;
  return (only.isCatchAll ? 4 : 2) + isFree;
}
