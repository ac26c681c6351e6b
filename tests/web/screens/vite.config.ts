/** The harness of the screens: the page's own build and headers around another entry. */
import { fileURLToPath } from 'node:url';
import { defineConfig, mergeConfig } from 'vite';
import page from '../../../vite.config.ts';

export default mergeConfig(
  page,
  defineConfig({
    root: fileURLToPath(new URL('.', import.meta.url)),
    publicDir: fileURLToPath(new URL('../../../web/public', import.meta.url)),
  }),
);
