/** What is uploaded to the Function App: a package that asks for nothing, small, and the very one that runs here. */
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { builtinModules } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { unzipSync } from 'fflate';
import { describe, expect, test } from 'vitest';
import { prepareFiles } from '../../local/stack/files.ts';
import { stackParts } from '../../local/stack/parts.ts';
import { defaultPorts } from '../../local/stack/ports.ts';
import { zipFolder } from '../../scripts/zip.ts';
import { startHost } from '../local/functions-host/running-host.ts';

const folder = 'dist/package';
const megabyte = 1024 * 1024;
const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Record<string, unknown>;

describe('the deployment package', () => {
  test('is bundle, host.json and package.json, and nothing else', () => {
    expect(readdirSync(folder, { recursive: true, encoding: 'utf8' }).toSorted()).toEqual([
      'host.json',
      'index.cjs',
      'package.json',
    ]);
  });

  test('asks for no installation and no build', () => {
    expect(Object.keys(manifest).toSorted()).toEqual(['main', 'name', 'version']);
  });

  test('is loaded by require, whatever the version of the worker', () => {
    expect(manifest['main']).toMatch(/\.cjs$/);
    expect(existsSync(join(folder, String(manifest['main'])))).toBe(true);
  });

  test('has the host.json of the repository', () => {
    expect(readFileSync(join(folder, 'host.json'), 'utf8')).toBe(readFileSync('host.json', 'utf8'));
  });

  test('is at most 3 MB zipped, and the zip holds it at its root', () => {
    const zip = zipFolder(folder);
    expect(zip.byteLength).toBeLessThanOrEqual(3 * megabyte);
    expect(Object.keys(unzipSync(zip)).toSorted()).toEqual(['host.json', 'index.cjs', 'package.json']);
  });

  test('is the same zip each time', () => {
    expect(Buffer.compare(zipFolder(folder), zipFolder(folder))).toBe(0);
  });

  test('carries all it needs: only Node and what the worker provides is asked for', () => {
    const asked = new Set(
      [...readFileSync(join(folder, 'index.cjs'), 'utf8').matchAll(/\brequire\("([^"]+)"\)/g)].map(
        ([, name]) => name!,
      ),
    );
    const others = [...asked].filter((name) => !builtinModules.includes(name.replace(/^node:/, '')));
    expect(others).toEqual(['@azure/functions-core']);
  });

  test('is kept whole by azd: no .funcignore would thin it', () => {
    expect(existsSync('.funcignore')).toBe(false);
  });
});

describe('the local stack', () => {
  test('runs this very folder', () => {
    const data = mkdtempSync(join(tmpdir(), 'hubbub-package-'));
    const files = prepareFiles(data, defaultPorts);
    const { args } = stackParts({ data, ports: defaultPorts, files, watch: false }).functions;
    expect(args[args.indexOf('--script-root') + 1]).toBe(folder);
    rmSync(data, { recursive: true });
  });

  test('serves what is uploaded, from where there are no modules', async () => {
    const place = mkdtempSync(join(tmpdir(), 'hubbub-package-'));
    for (const [name, content] of Object.entries(unzipSync(zipFolder(folder)))) {
      mkdirSync(dirname(join(place, name)), { recursive: true });
      writeFileSync(join(place, name), content);
    }
    const host = await startHost(place, { args: ['--settings', resolve('local.settings.sample.json')] });
    try {
      const response = await fetch(`${host.url}/api/rooms`);
      expect(response.status).toBe(401);
      expect(await response.json()).toMatchObject({ code: 'unauthenticated' });
    } finally {
      await host.stop();
      rmSync(place, { recursive: true });
    }
  });
});
