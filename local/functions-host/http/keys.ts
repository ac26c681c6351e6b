/**
 * Access keys of the host and its functions, and who may call what with them (the real host's levels). Kept in one
 * JSON file, or in memory where no folder is given.
 */
import { randomBytes, timingSafeEqual } from 'node:crypto';
import { readJson, writeJson } from '../json-file.ts';
import type { AuthLevel } from './routes.ts';

interface KeyFile {
  master: string;
  /** Keys of the function app: they open every function. */
  functionKeys: Record<string, string>;
  systemKeys: Record<string, string>;
  functions: Record<string, Record<string, string>>;
}

/** Keys of the whole app, those of extensions, or those of one function. */
export type KeyScope = 'functionKeys' | 'systemKeys' | { functionName: string };

/** The name by which the master key is set among the app's keys. */
const masterName = '_master';

const newKey = (): string => randomBytes(40).toString('base64url');

function isSame(left: string, right: string): boolean {
  const [one, other] = [Buffer.from(left), Buffer.from(right)];
  return one.length === other.length && timingSafeEqual(one, other);
}

export class KeyStore {
  #path: string | undefined;
  #keys: KeyFile;

  /** Reads the file, or makes a master key and a default one. */
  constructor(path: string | undefined) {
    this.#path = path;
    const kept = path === undefined ? undefined : (readJson(path) as KeyFile | undefined);
    this.#keys = kept ?? {
      master: newKey(),
      functionKeys: { default: newKey() },
      systemKeys: {},
      functions: {},
    };
    if (!kept) this.#save();
  }

  get master(): string {
    return this.#keys.master;
  }

  /** The keys of a scope, by name. */
  list(scope: KeyScope): Record<string, string> {
    return { ...this.#of(scope) };
  }

  /** Sets a key, to a new one where no value is given; answers it. */
  set(scope: KeyScope, name: string, value = newKey()): string {
    if (scope === 'functionKeys' && name === masterName) this.#keys.master = value;
    else this.#of(scope)[name] = value;
    this.#save();
    return value;
  }

  /** Answers whether there was such a key. The master key stays. */
  remove(scope: KeyScope, name: string): boolean {
    const keys = this.#of(scope);
    if (keys[name] === undefined) return false;
    delete keys[name];
    this.#save();
    return true;
  }

  /** Whether a key (undefined: none was sent) opens a function of a level. */
  opens(level: AuthLevel, functionName: string, key: string | undefined): boolean {
    if (level === 'anonymous') return true;
    if (key === undefined) return false;
    if (isSame(key, this.#keys.master)) return true;
    if (level === 'admin') return false;
    const fitting = [...Object.values(this.#keys.functionKeys), ...Object.values(this.#of({ functionName }))];
    return fitting.some((known) => isSame(known, key));
  }

  /** Whether a key opens an extension's webhook; the first call makes its system key. */
  opensExtension(extension: string, key: string | undefined): boolean {
    const name = `${extension}_extension`;
    const own = this.#keys.systemKeys[name] ?? this.set('systemKeys', name);
    return key !== undefined && (isSame(key, own) || this.isMaster(key));
  }

  /** Whether a key is the master key, which `/admin` asks for. */
  isMaster(key: string | undefined): boolean {
    return key !== undefined && isSame(key, this.#keys.master);
  }

  /** The first question for a function's keys makes its `default`. */
  #of(scope: KeyScope): Record<string, string> {
    if (typeof scope === 'string') return this.#keys[scope];
    const { functions } = this.#keys;
    let own = functions[scope.functionName];
    if (!own) {
      own = { default: newKey() };
      functions[scope.functionName] = own;
      this.#save();
    }
    return own;
  }

  #save(): void {
    if (this.#path !== undefined) writeJson(this.#path, this.#keys);
  }
}
