/** Builds the harness of the screens into test-results, and serves it under the headers of the deployment. */
import { fileURLToPath } from 'node:url';
import { defineConfig, mergeConfig } from 'vite';
import page from '../../../vite.config.ts';

export const output = fileURLToPath(new URL('../../../test-results/screens-page', import.meta.url));

export default mergeConfig(
  page,
  defineConfig({
    root: fileURLToPath(new URL('.', import.meta.url)),
    publicDir: fileURLToPath(new URL('../../../web/public', import.meta.url)),
    build: { outDir: output },
  }),
);
