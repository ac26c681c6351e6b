/**
 * Builds and serves the page: `vite` and `vite preview` on the port that Static Web Apps' own tools use.
 * Locally the page gets the headers of the deployment, so that a broken content security policy shows at once.
 */
import { readFileSync } from 'node:fs';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

const deployed = JSON.parse(
  readFileSync(new URL('./web/public/staticwebapp.config.json', import.meta.url), 'utf8'),
) as { globalHeaders: Record<string, string> };

const localOrigins = 'http://localhost:* ws://localhost:* http://127.0.0.1:* ws://127.0.0.1:*';

/** The deployment's headers; `connect-src` also reaches the local stack, whatever its ports. */
const localHeaders = replacePolicy((policy) => policy.replace('connect-src', `connect-src ${localOrigins}`));

/**
 * The dev server injects scripts and styles into the page, which the real policy is there to forbid, and does not know
 * which providers of OpenID Connect there are.
 */
const devHeaders = replacePolicy((policy) =>
  policy
    .replace('connect-src', `connect-src ${localOrigins} https:`)
    .replace("script-src 'self'", "script-src 'self' 'unsafe-inline'")
    .replace("style-src 'self'", "style-src 'self' 'unsafe-inline'")
    .replace(/;[^;]*trusted-types.*$/, ''),
);

function replacePolicy(change: (policy: string) => string): Record<string, string> {
  const policy = deployed.globalHeaders['content-security-policy'] ?? '';
  return { ...deployed.globalHeaders, 'content-security-policy': change(policy) };
}

export default defineConfig({
  root: 'web',
  plugins: [react()],
  build: {
    outDir: '../dist/web',
    emptyOutDir: true,
    target: ['chrome125', 'firefox128', 'safari17.5'],
    // An inlined icon would be a data: address, which the policy allows for images alone.
    assetsInlineLimit: 0,
    rolldownOptions: {
      // Schemas of the contract that nobody asks for stay out of what is loaded.
      treeshake: { manualPureFunctions: ['z', 'textSchema', 'nameSchema'] },
    },
  },
  server: { port: 4280, strictPort: true, host: 'localhost', headers: devHeaders },
  preview: { port: 4280, strictPort: true, host: 'localhost', headers: localHeaders },
});
