/** Loaded before a program (`node --import`): its clock is wrong by HUBBUB_CLOCK_AHEAD milliseconds. */
import process from 'node:process';

const ahead = Number(process.env.HUBBUB_CLOCK_AHEAD);
const { now } = Date;
const RightDate = Date;

globalThis.Date = class Date extends RightDate {
  constructor(...given) {
    super(...(given.length === 0 ? [now() + ahead] : given));
  }

  static now() {
    return now() + ahead;
  }
};
