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

const newKey = (): string => randomBytes(40).toString('base64url');

const isSame = (left: string, right: string): boolean =>
  left.length === right.length && timingSafeEqual(Buffer.from(left), Buffer.from(right));

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

  /** Keys that open every function, by name. */
  get functionKeys(): Record<string, string> {
    return { ...this.#keys.functionKeys };
  }

  get systemKeys(): Record<string, string> {
    return { ...this.#keys.systemKeys };
  }

  /** A function's own keys, by name; the first call makes its `default`. */
  keysOf(functionName: string): Record<string, string> {
    let own = this.#keys.functions[functionName];
    if (!own) {
      own = { default: newKey() };
      this.#keys.functions[functionName] = own;
      this.#save();
    }
    return { ...own };
  }

  /** Whether a key (undefined: none was sent) opens a function of a level. */
  opens(level: AuthLevel, functionName: string, key: string | undefined): boolean {
    if (level === 'anonymous') return true;
    if (key === undefined) return false;
    if (isSame(key, this.#keys.master)) return true;
    if (level === 'admin') return false;
    const fitting = [...Object.values(this.functionKeys), ...Object.values(this.keysOf(functionName))];
    return fitting.some((known) => isSame(known, key));
  }

  /** Whether a key is the master key, which `/admin` asks for. */
  isMaster(key: string | undefined): boolean {
    return key !== undefined && isSame(key, this.#keys.master);
  }

  #save(): void {
    if (this.#path !== undefined) writeJson(this.#path, this.#keys);
  }
}
