/** Every screen, on a phone and wide, in both themes: axe finds nothing, and a picture is kept. */
import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { looks, type LookName } from '../../web/screens/harness.ts';
import { picture, writeSheet } from '../../web/screens/pictures.ts';
import { scenes } from '../../web/screens/scenes.ts';
import { expect, test } from './screens-test.ts';

test.beforeAll(() => writeSheet(scenes.map(({ name }) => name)));

for (const look of Object.keys(looks) as LookName[]) {
  test.describe(look, () => {
    test.use({ look });
    for (const scene of scenes) {
      test(`${scene.name}: axe finds nothing, light or dark`, async ({ glance }) => {
        const page = await glance(scene.state);
        await scene.act?.(page);
        await picture(page, { scene: scene.name, look, theme: 'light' });
        const light = await axe(page).analyze();
        expect(light.violations.map(findings)).toEqual([]);
        await picture(page, { scene: scene.name, look, theme: 'dark' });
        // Only colours differ between the themes, and no colour between the widths.
        if (look === 'phone') return;
        const dark = await axe(page).withRules(['color-contrast', 'link-in-text-block']).analyze();
        expect(dark.violations.map(findings)).toEqual([]);
      });
    }
  });
}

/** Without frames on the page nothing needs the second page that axe would open for its report. */
const axe = (page: Page): AxeBuilder => new AxeBuilder({ page }).setLegacyMode();

function findings({ id, nodes }: { id: string; nodes: { html: string; failureSummary?: string }[] }): string {
  return `${id}: ${nodes.map((node) => `${node.html}\n${node.failureSummary ?? ''}`).join('\n')}`;
}
