/** Every screen, on a phone and wide, in both themes: axe finds nothing, and a picture is kept. */
import AxeBuilder from '@axe-core/playwright';
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
        const light = await new AxeBuilder({ page }).analyze();
        expect(light.violations.map(findings)).toEqual([]);
        await picture(page, { scene: scene.name, look, theme: 'dark' });
        // Only colours differ between the themes.
        const dark = await new AxeBuilder({ page })
          .withRules(['color-contrast', 'link-in-text-block'])
          .analyze();
        expect(dark.violations.map(findings)).toEqual([]);
      });
    }
  });
}

function findings({ id, nodes }: { id: string; nodes: { html: string; failureSummary?: string }[] }): string {
  return `${id}: ${nodes.map((node) => `${node.html}\n${node.failureSummary ?? ''}`).join('\n')}`;
}
