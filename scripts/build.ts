/**
 * Builds what is deployed: `dist/package` (the functions, bundled, with host.json and a package.json that asks
 * for nothing) and `dist/web` (the page). `--functions` or `--web` builds one of them; `--watch` stays and builds
 * the functions again on every change.
 */
import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { context, type BuildOptions } from 'esbuild';

const { values } = parseArgs({
  options: {
    functions: { type: 'boolean', default: false },
    web: { type: 'boolean', default: false },
    watch: { type: 'boolean', default: false },
  },
});
const all = !values.functions && !values.web;

if (all || values.functions) await buildFunctions();
if (all || values.web) await buildPage();

async function buildFunctions(): Promise<void> {
  const folder = 'dist/package';
  // A host that watches the folder must not see it go.
  if (!values.watch) rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  copyFileSync('host.json', `${folder}/host.json`);
  const { name, version } = JSON.parse(readFileSync('package.json', 'utf8')) as {
    name: string;
    version: string;
  };
  writeFileSync(
    `${folder}/package.json`,
    `${JSON.stringify({ name, version, main: 'index.cjs' }, null, 2)}\n`,
  );
  const options: BuildOptions = {
    entryPoints: ['functions/index.ts'],
    outfile: `${folder}/index.cjs`,
    bundle: true,
    platform: 'node',
    target: 'node24',
    format: 'cjs',
    // Function names stay, for logs and stack traces.
    minifySyntax: true,
    minifyWhitespace: true,
    keepNames: true,
    // The worker alone provides it.
    external: ['@azure/functions-core'],
    legalComments: 'none',
    logLevel: 'warning',
  };
  const bundler = await context(options);
  await bundler.rebuild();
  if (values.watch) await bundler.watch();
  else await bundler.dispose();
}

async function buildPage(): Promise<void> {
  const { build } = await import('vite');
  await build({ logLevel: 'warn' });
}
