/**
 * The tests that guard the promises can fail: each bug of `mutants.ts` is planted in a copy of the code, and the test
 * that is named for it must notice, by an assertion of its own and not because something did not load. That they
 * pass without is what the rest of the suite shows.
 */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Copy, patience } from './copy.ts';
import { mutants } from './mutants.ts';

/** The run ends first, and takes its process with it. */
const timeout = patience + 30_000;

let copy: Copy;
beforeAll(() => {
  copy = new Copy();
});
afterAll(() => copy.remove());

test.each(mutants)(
  'it is noticed when $name',
  async ({ file, find, replace, caughtBy }) => {
    const code = copy.read(file);
    expect(code.split(find).length - 1, `how often ${file} holds the place to break`).toBe(1);
    copy.write(
      file,
      code.replace(find, () => replace),
    );
    try {
      const ran = await copy.run([caughtBy]);
      expect(ran).toMatchObject([{ title: caughtBy.test, status: 'failed' }]);
      expect(ran[0]?.failures[0]).toMatch(/^AssertionError/);
    } finally {
      copy.write(file, code);
    }
  },
  timeout,
);
