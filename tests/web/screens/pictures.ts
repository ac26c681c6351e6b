/** The pictures of the screens: where they are kept, and the one sheet that shows all of them. */
import { mkdir, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { Page } from '@playwright/test';

export const pictures = fileURLToPath(new URL('../../../test-results/screens/', import.meta.url));

export interface Picture {
  scene: string;
  look: string;
  theme: 'light' | 'dark';
}

const fileOf = ({ scene, look, theme }: Picture): string => `${scene}.${look}.${theme}.png`;

/** Puts the page into the theme, and keeps what it looks like. */
export async function picture(page: Page, of: Picture): Promise<void> {
  await page.emulateMedia({ colorScheme: of.theme });
  await page.screenshot({ path: `${pictures}${fileOf(of)}`, animations: 'disabled' });
}

/** Lays the pictures of these scenes out beside each other, in test-results/screens/index.html. */
export async function writeSheet(scenes: string[]): Promise<void> {
  const figures = scenes.flatMap((scene) =>
    (['phone', 'wide'] as const).flatMap((look) =>
      (['light', 'dark'] as const).map((theme) => fileOf({ scene, look, theme })),
    ),
  );
  await mkdir(pictures, { recursive: true });
  await writeFile(
    `${pictures}index.html`,
    `<!doctype html><meta charset="utf-8"><title>Hubbub, every screen</title>
<style>
  body { display: grid; grid-template-columns: 1fr 1fr 3.4fr 3.4fr; gap: 16px; padding: 16px; background: #888; }
  img { width: 100%; display: block; } figure { margin: 0; font: 12px system-ui; }
</style>
${figures.map((file) => `<figure><img src="${file}" alt=""><figcaption>${file}</figcaption></figure>`).join('\n')}`,
  );
}
