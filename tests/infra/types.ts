/**
 * Describes resource types in the format that Bicep itself reads (`bicep-types`), from a short notation: a name that
 * ends in `!` is required, one that ends in `-` is worked out by Azure and cannot be given.
 */
import {
  ObjectTypePropertyFlags,
  ScopeType,
  TypeBaseKind,
  TypeFactory,
  readTypesJson,
  writeTypesJson,
  type BicepType,
  type ObjectType,
  type ObjectTypeProperty,
  type TypeReference,
} from 'bicep-types';
import type { Value } from './bicep.ts';

export type Shape =
  | 'string'
  | 'int'
  | 'bool'
  | 'any'
  /** One of these texts. */
  | readonly string[]
  | { readonly list: Shape }
  /** An object of any names. */
  | { readonly map: Shape }
  | { readonly [property: string]: Shape };

const { None, Required, ReadOnly } = ObjectTypePropertyFlags;

/** What every resource has, whatever its type. */
const common: { readonly [property: string]: Shape } = { 'name!': 'string', parent: 'any', scope: 'any' };

/** Types by `TYPE@VERSION`, written to Bicep's format and read back. */
export function describeTypes(shapes: Readonly<Record<string, Shape>>): ReadonlyMap<string, ResourceBody> {
  const factory = new TypeFactory();
  for (const [name, shape] of Object.entries(shapes)) {
    const body = add(factory, { ...common, ...(shape as object) }, name);
    factory.addResourceType(name, body, ScopeType.ResourceGroup, ScopeType.ResourceGroup);
  }
  const types = readTypesJson(writeTypesJson(factory.types));
  return new Map(
    types.flatMap((type) =>
      type.type === TypeBaseKind.ResourceType ? [[type.name, { types, index: type.body.index }]] : [],
    ),
  );
}

export interface ResourceBody {
  types: BicepType[];
  index: number;
}

function add(factory: TypeFactory, shape: Shape, name: string): TypeReference {
  if (shape === 'string') return factory.addStringType();
  if (shape === 'int') return factory.addIntegerType();
  if (shape === 'bool') return factory.addBooleanType();
  if (shape === 'any') return factory.addAnyType();
  if (Array.isArray(shape)) {
    return factory.addUnionType(shape.map((text: string) => factory.addStringLiteralType(text)));
  }
  const object = shape as { readonly [property: string]: Shape };
  if (object['list'] !== undefined && Object.keys(object).length === 1) {
    return factory.addArrayType(add(factory, object['list'], name));
  }
  if (object['map'] !== undefined && Object.keys(object).length === 1) {
    return factory.addObjectType(name, {}, add(factory, object['map'], name));
  }
  const properties: Record<string, ObjectTypeProperty> = {};
  for (const [key, inner] of Object.entries(object)) {
    const plain = key.replace(/[!-]$/, '');
    const flags = key.endsWith('!') ? Required : key.endsWith('-') ? ReadOnly : None;
    properties[plain] = { type: add(factory, inner, `${name}/${plain}`), flags };
  }
  return factory.addObjectType(name, properties);
}

/** What is wrong with a value for a type; nothing is said of what is worked out. */
export function checkValue(value: Value, { types, index }: ResourceBody, path = ''): string[] {
  if (value.kind === 'expression') return [];
  const type = types[index]!;
  const wrong = (what: string): string[] => [`${path || 'the body'} ${what}`];
  const isLiteral = (is: (given: unknown) => boolean): boolean => value.kind === 'literal' && is(value.value);
  if (type.type === TypeBaseKind.ObjectType) {
    return value.kind === 'object' ? checkObject(value, type, types, path) : wrong('must be an object');
  }
  if (type.type === TypeBaseKind.ArrayType) {
    if (value.kind !== 'array') return wrong('must be a list');
    return value.items.flatMap((item, position) =>
      checkValue(item, { types, index: type.itemType.index }, `${path}[${position}]`),
    );
  }
  if (type.type === TypeBaseKind.UnionType) {
    const allowed = type.elements.map((element) => (types[element.index] as { value?: unknown }).value);
    return isLiteral((given) => allowed.includes(given)) ? [] : wrong(`must be one of ${allowed.join(', ')}`);
  }
  const plain = plainTypes[type.type];
  return plain && !isLiteral(plain.is) ? wrong(`must be ${plain.called}`) : [];
}

const plainTypes: Partial<Record<TypeBaseKind, { is: (given: unknown) => boolean; called: string }>> = {
  [TypeBaseKind.StringType]: { is: (given) => typeof given === 'string', called: 'a text' },
  [TypeBaseKind.IntegerType]: { is: Number.isInteger, called: 'a whole number' },
  [TypeBaseKind.BooleanType]: { is: (given) => typeof given === 'boolean', called: 'true or false' },
};

function checkObject(
  value: Extract<Value, { kind: 'object' }>,
  type: ObjectType,
  types: BicepType[],
  path: string,
): string[] {
  const found: string[] = [];
  const named = (name: string): string => (path === '' ? name : `${path}.${name}`);
  for (const [name, { flags }] of Object.entries(type.properties)) {
    if (flags & Required && !value.entries.has(name)) found.push(`${named(name)} is missing`);
  }
  for (const [name, given] of value.entries) {
    const property = type.properties[name];
    const index = property?.type.index ?? type.additionalProperties?.index;
    if (index === undefined) found.push(`${named(name)} is not known`);
    else if (property && property.flags & ReadOnly) found.push(`${named(name)} cannot be given`);
    else found.push(...checkValue(given, { types, index }, named(name)));
  }
  return found;
}
