/** Finds and loads the app's entry point: `main` of its package.json, as the real worker reads it. */
import { existsSync, globSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { SystemError, type Log } from './core-module.ts';

interface PackageJson {
  main?: unknown;
  type?: unknown;
}

/** Loads every file that `main` names, one after another. Throws an error whose message says which would not load. */
export async function loadEntryPoint(appRoot: string, log: Log): Promise<void> {
  const manifest = readPackageJson(appRoot, log);
  const pattern = typeof manifest.main === 'string' ? manifest.main : undefined;
  if (!pattern) {
    throw new SystemError(`No function found: package.json in ${appRoot} has no "main" that names the app.`);
  }
  const files = globSync(pattern, { cwd: appRoot }).toSorted();
  if (files.length === 0) {
    const isGlob = /[*?[\]{}!]/.test(pattern);
    const reason = isGlob ? 'Found zero files matching the supplied pattern' : 'File does not exist';
    throw new SystemError(`Worker was unable to load entry point "${pattern}": ${reason}.`);
  }
  const isModule = manifest.type === 'module';
  for (const file of files) {
    log('debug', 'system', `Loading entry point file "${file}"`);
    try {
      // One after another: later files may rely on what earlier ones registered.
      // oxlint-disable-next-line no-await-in-loop
      await loadFile(join(appRoot, file), isModule);
    } catch (error) {
      throw new SystemError(`Worker was unable to load entry point "${file}": ${messageOf(error)}`, {
        cause: error,
      });
    }
  }
}

async function loadFile(path: string, isModule: boolean): Promise<void> {
  if (path.endsWith('.mjs') || (isModule && !path.endsWith('.cjs'))) {
    await import(pathToFileURL(path).href);
  } else {
    createRequire(path)(path);
  }
}

function readPackageJson(appRoot: string, log: Log): PackageJson {
  const path = join(appRoot, 'package.json');
  if (!existsSync(path)) {
    log('warning', 'system', `Worker failed to load package.json: file does not exist in ${appRoot}`);
    return {};
  }
  return JSON.parse(readFileSync(path, 'utf8')) as PackageJson;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
