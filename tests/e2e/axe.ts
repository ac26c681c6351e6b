/** What axe says of a page, in both themes. */
import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import type { LookName } from '../web/screens/harness.ts';

/** Rules about colours: only these differ between the themes, and no colour differs between the widths. */
const ofColours = ['color-contrast', 'link-in-text-block'];

/** Everything that axe finds, in words: all rules once, and those about colours in both themes of the wide look. */
export async function findings(page: Page, look: LookName): Promise<string[]> {
  await page.emulateMedia({ colorScheme: 'light' });
  if (look === 'phone') return words(page, axe(page).disableRules(ofColours));
  const light = await words(page, axe(page));
  await page.emulateMedia({ colorScheme: 'dark' });
  return [...light, ...(await words(page, axe(page).withRules(ofColours)))];
}

/**
 * Without frames on the page nothing needs the second page that axe would open for its report; and what passes needs
 * no description.
 */
const axe = (page: Page): AxeBuilder =>
  new AxeBuilder({ page }).setLegacyMode().options({ resultTypes: ['violations'], preload: false });

async function words(page: Page, builder: AxeBuilder): Promise<string[]> {
  // Colours that are on their way would be judged half way.
  await page.evaluate(() => {
    for (const animation of document.getAnimations())
      if (animation.effect?.getComputedTiming().endTime !== Infinity) animation.finish();
  });
  const { violations } = await builder.analyze();
  return violations.map(
    ({ id, nodes }) =>
      `${id}: ${nodes.map(({ html, failureSummary = '' }) => `${html}\n${failureSummary}`).join('\n')}`,
  );
}
