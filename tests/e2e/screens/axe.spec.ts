/** Every screen, on a phone and wide, in both themes: axe finds nothing. `tests/web/screens/sheet.ts` pictures them. */
import { looks, type LookName } from '../../web/screens/harness.ts';
import { scenes } from '../../web/screens/scenes.ts';
import { findings } from '../axe.ts';
import { expect, test } from './screens-test.ts';

for (const look of Object.keys(looks) as LookName[]) {
  test.describe(look, () => {
    test.use({ look });
    for (const scene of scenes) {
      test(`${scene.name}: axe finds nothing, light or dark`, async ({ glance }) => {
        const page = await glance(scene.state);
        await scene.act?.(page);
        expect(await findings(page, look)).toEqual([]);
      });
    }
  });
}
