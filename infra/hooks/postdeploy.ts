/**
 * azd runs this after it has deployed: waits until what was deployed answers. `API_URL` and `WEB_URL` come from azd's
 * environment, `HUBBUB_WAIT_SECONDS` says how long (600). `node infra/hooks/postdeploy.ts`, Node 22.18 or newer.
 */
import { untilAnswering } from './answering.ts';

const { API_URL: api, WEB_URL: page, HUBBUB_WAIT_SECONDS: seconds = '600' } = process.env;
if (!api || !page) {
  console.error('API_URL and WEB_URL are not set. Run `azd provision`.');
  process.exit(1);
}
const deadline = Date.now() + Number(seconds) * 1_000;
const answer = await untilAnswering(
  [`${api.replace(/\/+$/, '')}/api/health`, `${page.replace(/\/+$/, '')}/config.json`],
  deadline,
);
if (answer === undefined) console.log(`Hubbub is running: ${page}`);
else {
  console.error(
    `${answer}\nRoles of a first deployment take up to ten minutes to spread. Run \`azd deploy\` again; if it stays, ` +
      'see docs/deploy.md.',
  );
  process.exit(1);
}
