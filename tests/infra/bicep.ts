/** Reads Bicep as far as its rules ask for: what a template declares, and the values that it gives, each with its line. */
import { readFileSync } from 'node:fs';
import { Language, Parser, type Node } from 'web-tree-sitter';

export type Value = { line: number; text: string } & (
  | { kind: 'literal'; value: string | number | boolean }
  | { kind: 'object'; entries: Map<string, Value> }
  | { kind: 'array'; items: Value[] }
  /** Anything that is worked out; `text` is how it is written. */
  | { kind: 'expression' }
);

interface Declared {
  name: string;
  line: number;
  /** Names of decorators; that of `@description('…')` is `description`. */
  decorators: string[];
}
export interface Parameter extends Declared {
  type: string;
  hasDefault: boolean;
}
export interface Variable extends Declared {
  value: Value;
}
export interface Resource extends Declared {
  /** `Microsoft.Web/sites`, and `2024-04-01`. */
  type: string;
  version: string;
  existing: boolean;
  body: Value;
}
export interface Module extends Declared {
  path: string;
  body: Value;
}
export interface Output extends Declared {
  value: Value;
}

export interface Template {
  parameters: Parameter[];
  variables: Variable[];
  resources: Resource[];
  modules: Module[];
  outputs: Output[];
  /** Lines that are no Bicep. */
  errors: number[];
  /** How often each name is used, beside where it is declared. */
  uses: Map<string, number>;
}

await Parser.init();
const grammar = 'node_modules/tree-sitter-bicep/tree-sitter-bicep.wasm';
const parser = new Parser().setLanguage(await Language.load(readFileSync(grammar)));

const lineOf = (node: Node): number => node.startPosition.row + 1;
const children = (node: Node): Node[] => node.namedChildren.filter((child) => child.type !== 'comment');

/** Reads one template. */
export function readBicep(text: string): Template {
  const template: Template = {
    parameters: [],
    variables: [],
    resources: [],
    modules: [],
    outputs: [],
    errors: [],
    uses: new Map(),
  };
  const { rootNode } = parser.parse(text)!;
  let decorators: string[] = [];
  for (const node of children(rootNode)) {
    if (node.type === 'decorators') {
      decorators = children(node).map((each) => /^@(?:sys\.)?(\w+)/.exec(each.text)?.[1] ?? '');
      continue;
    }
    readDeclaration(node, decorators, template);
    decorators = [];
  }
  visit(rootNode, template);
  return template;
}

function readDeclaration(node: Node, decorators: string[], template: Template): void {
  const [name, second, ...rest] = children(node);
  if (!name) return;
  const declared = { name: name.text, line: lineOf(node), decorators };
  const value = readValue(rest.at(-1) ?? second ?? name);
  switch (node.type) {
    case 'parameter_declaration':
      template.parameters.push({ ...declared, type: second?.text ?? '', hasDefault: rest.length > 0 });
      return;
    case 'variable_declaration':
      template.variables.push({ ...declared, value });
      return;
    case 'output_declaration':
      template.outputs.push({ ...declared, value });
      return;
    case 'module_declaration':
      template.modules.push({ ...declared, path: unquoted(second!), body: value });
      return;
    case 'resource_declaration': {
      const [type = '', version = ''] = unquoted(second!).split('@');
      const existing = /^resource\s+\w+\s+'[^']*'\s+existing\b/.test(node.text);
      template.resources.push({ ...declared, type, version, existing, body: value });
      return;
    }
    default:
  }
}

function readValue(node: Node): Value {
  const at = { line: lineOf(node), text: node.text };
  switch (node.type) {
    case 'string': {
      const parts = children(node);
      if (parts.some(({ type }) => type === 'interpolation')) return { ...at, kind: 'expression' };
      return { ...at, kind: 'literal', value: unquoted(node) };
    }
    case 'number':
      return { ...at, kind: 'literal', value: Number(node.text) };
    case 'boolean':
      return { ...at, kind: 'literal', value: node.text === 'true' };
    case 'array':
      return { ...at, kind: 'array', items: children(node).map(readValue) };
    case 'object': {
      const entries = children(node).filter(({ type }) => type === 'object_property');
      return {
        ...at,
        kind: 'object',
        entries: new Map(
          entries.map((entry) => {
            const [key, given] = children(entry);
            return [key!.type === 'string' ? unquoted(key!) : key!.text, readValue(given ?? key!)];
          }),
        ),
      };
    }
    // What is declared under a condition, or for each of a list.
    case 'if_statement':
    case 'for_statement':
      return readValue(children(node).at(-1)!);
    default:
      return { ...at, kind: 'expression' };
  }
}

const unquoted = (node: Node): string => node.text.replace(/^'(.*)'$/s, '$1');

/** Counts the names that are used, and finds what is no Bicep. */
function visit(node: Node, template: Template): void {
  if (node.isError || node.isMissing) template.errors.push(lineOf(node));
  if (node.type === 'identifier' && !isDeclaring(node)) {
    template.uses.set(node.text, (template.uses.get(node.text) ?? 0) + 1);
  }
  for (const child of node.children) visit(child, template);
}

function isDeclaring(node: Node): boolean {
  const { parent } = node;
  const isFirst = parent?.namedChildren.find(({ type }) => type !== 'comment')?.id === node.id;
  if (!isFirst) return false;
  return parent?.type === 'object_property' || parent?.type.endsWith('_declaration') === true;
}

/** The value of a property, however deep: `at(body, 'properties', 'sku', 'name')`. */
export function at(value: Value | undefined, ...path: string[]): Value | undefined {
  const [first, ...rest] = path;
  if (first === undefined) return value;
  return value?.kind === 'object' ? at(value.entries.get(first), ...rest) : undefined;
}

/** The text of a literal; undefined for anything else. */
export const literal = (value: Value | undefined): string | number | boolean | undefined =>
  value?.kind === 'literal' ? value.value : undefined;

/** The literals of a list. */
export const literals = (value: Value | undefined): unknown[] =>
  value?.kind === 'array' ? value.items.map(literal) : [];
