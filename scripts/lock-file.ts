/**
 * Completes package-lock.json. A registry that mirrors only what its own platform needs does not know the binaries of
 * other platforms; npm then leaves them out of the lock file, and `npm ci` refuses such a file everywhere. The
 * missing entries follow from the names: the version is the exact one that is asked for, the platform is in the name.
 */
import { readFileSync, writeFileSync } from 'node:fs';

interface Entry {
  version?: string;
  dev?: boolean;
  optional?: boolean;
  os?: string[];
  cpu?: string[];
  libc?: string[];
  optionalDependencies?: Record<string, string>;
}

export interface LockFile {
  packages: Record<string, Entry>;
}

const file = 'package-lock.json';

export const readLockFile = (): LockFile => JSON.parse(readFileSync(file, 'utf8')) as LockFile;

/** The optional packages that some package asks for and the lock file does not have, by their place in the tree. */
export function missingEntries({ packages }: LockFile): Record<string, Entry> {
  const missing: Record<string, Entry> = {};
  for (const [path, entry] of Object.entries(packages)) {
    for (const [name, version] of Object.entries(entry.optionalDependencies ?? {})) {
      const known = packages[`node_modules/${name}`] ?? packages[`${path}/node_modules/${name}`];
      if (known || !/^\d/.test(version)) continue;
      missing[`node_modules/${name}`] = {
        version,
        ...platformOf(name),
        ...(entry.dev && { dev: true }),
        optional: true,
      };
    }
  }
  return missing;
}

/** `@scope/binding-linux-arm64-musl` and the like. */
function platformOf(name: string): Pick<Entry, 'os' | 'cpu' | 'libc'> {
  const os = /(aix|android|darwin|freebsd|linux|netbsd|openbsd|openharmony|sunos|win32)/.exec(name)?.[1];
  const cpu = /-(arm64|arm|x64|ia32|ppc64|riscv64|s390x|loong64|mips64el)\b|\/\w+-(arm64|x64)$/.exec(name);
  const libc = /-(gnu|musl)(eabihf)?$/.exec(name)?.[1];
  if (os === undefined || cpu === null)
    throw new Error(`The platform of ${name} does not follow from its name.`);
  return {
    os: [os],
    cpu: [cpu[1] ?? cpu[2]!],
    ...(os === 'linux' && libc !== undefined && { libc: [libc === 'gnu' ? 'glibc' : 'musl'] }),
  };
}

if (import.meta.main) {
  const lock = readLockFile();
  const missing = missingEntries(lock);
  const packages = Object.entries({ ...lock.packages, ...missing });
  packages.sort(([left], [right]) => (left < right ? -1 : 1));
  writeFileSync(file, `${JSON.stringify({ ...lock, packages: Object.fromEntries(packages) }, null, 2)}\n`);
  console.log(`Added ${Object.keys(missing).length} entries.`);
}
