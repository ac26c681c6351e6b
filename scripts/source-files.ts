/** The project's own source files, as git knows them. */
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';

/** Paths from the root of every TypeScript, JavaScript and CSS file that is tracked or new, and not ignored. */
export function sourceFiles(): string[] {
  const list = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], {
    encoding: 'utf8',
  });
  return list.split('\n').filter((file) => /\.(ts|tsx|mjs|css|bicep)$/.test(file) && existsSync(file));
}
