/**
 * `npm run smoke -- ADDRESS`: whether a deployment works, seen from outside. The address is that of the page or of
 * the API. Leaves nothing behind. Exit code 1 where a step fails.
 *
 *   --wait-minutes N  try refusals again so long: a new deployment, whose roles have not spread yet
 *   --deadline N      seconds until a connection is open and a message is back; 60 where it is absent
 *   --key KEY         subscription key of API Management, sent with every request
 *   --function-app A  address of the function app, for its webhook, where API Management is before the API
 *   --token TOKEN     access token of a person, where there are neither guests nor accounts
 */
import { parseArgs } from 'node:util';
import { smoke } from './smoke/smoke.ts';

const usage =
  'npm run smoke -- ADDRESS [--wait-minutes N] [--deadline SECONDS] [--token TOKEN] [--key KEY] [--function-app ADDRESS]';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    'wait-minutes': { type: 'string', default: '0' },
    deadline: { type: 'string', default: '60' },
    token: { type: 'string' },
    key: { type: 'string' },
    'function-app': { type: 'string' },
  },
});
const [address = ''] = positionals;
const [waitMinutes, deadlineSeconds] = [Number(values['wait-minutes']), Number(values.deadline)];
if (!URL.canParse(address) || !(waitMinutes >= 0) || !(deadlineSeconds > 0)) {
  console.error(`Say which deployment: ${usage}`);
  process.exit(1);
}
const passed = await smoke({
  address,
  token: values.token,
  key: values.key,
  functionApp: values['function-app'],
  waitMinutes,
  deadlineSeconds,
  print: (line) => console.log(line),
});
console.log(
  passed ? 'The deployment works.' : 'The deployment does not work; the first step marked ✗ says why.',
);
process.exit(passed ? 0 : 1);
