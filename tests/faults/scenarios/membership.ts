/** People who come and go while others talk: what was said while they were away never reaches them. */
import { setTimeout as wait } from 'node:timers/promises';
import { pick, type Scenario } from '../scenario.ts';
import { inTurns } from '../world.ts';

export const comingAndGoing: Scenario = {
  name: 'joining and leaving during traffic',
  hosts: 1,
  size: { test: 40, torture: 10_000 },
  async run({ world, size, random }) {
    const stayers = await world.people(3);
    const goers = await world.people(4);
    const room = await world.room([...stayers, ...goers]);
    let talking = true;
    const talk = (async () => {
      for (let number = 0; talking; number += 1) {
        pick(stayers, random).send(room, `message ${number}`);
        await wait(20);
      }
    })();
    await inTurns(goers, goers.length, async (goer) => {
      for (let turn = 0; turn < size / goers.length; turn += 1) {
        await goer.leave(room);
        await wait(random() * 100);
        await goer.join(room);
        goer.device.client.openRoom(room);
        await wait(random() * 100);
      }
    });
    talking = false;
    await talk;
    await world.settle(room, [...stayers, ...goers]);
  },
};
