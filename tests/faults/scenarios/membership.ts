/**
 * People who come and go, on two devices each, while others talk: what was said while they were away never reaches
 * them. And rooms that come and go under one name.
 */
import { setTimeout as wait } from 'node:timers/promises';
import { until } from '../../support/until.ts';
import { pick, type Scenario } from '../scenario.ts';
import { inTurns } from '../world.ts';

export const comingAndGoing: Scenario = {
  name: 'joining and leaving during traffic',
  hosts: 1,
  size: { test: 24, torture: 10_000 },
  async run({ world, size, random }) {
    const stayers = await world.people(3);
    const goers = await world.people(4);
    const room = await world.room([...stayers, ...goers]);
    const second = await inTurns(goers, goers.length, (goer) => world.another(goer));
    for (const { device } of second) device.client.openRoom(room);
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
    await world.settle(room, [...stayers, ...goers, ...second]);
  },
};

export const oneName: Scenario = {
  name: 'deleting and creating again under one name, during traffic',
  hosts: 2,
  size: { test: 6, torture: 2_000 },
  async run({ world, size, random }) {
    const people = await world.people(6);
    const name = `Phoenix ${crypto.randomUUID()}`;
    for (let turn = 0; turn < size; turn += 1) {
      // All want the name at one instant, and one of them has it.
      const rooms = await Promise.allSettled(
        people.map(({ device }) => device.client.createRoom({ name, description: '' })),
      );
      const made = rooms.flatMap((room, index) =>
        room.status === 'fulfilled' ? [{ id: room.value.id, owner: people[index]! }] : [],
      );
      const { id, owner } = made[0]!;
      if (made.length !== 1)
        world.record.note({ kind: 'broken', who: owner.who, room: id, what: 'one name, two rooms' });
      const others = people.filter((one) => one !== owner);
      await inTurns(others, others.length, (other) => other.join(id));
      for (const { device } of people) device.client.openRoom(id);
      for (let number = 0; number < 10; number += 1) pick(people, random).send(id, `turn ${turn}, ${number}`);
      await wait(random() * 300);
      if (turn === size - 1) {
        await world.settle(id, people);
        continue;
      }
      await owner.device.client.deleteRoom(id);
      world.record.note({ kind: 'deleted', room: id });
      for (const who of others) {
        const { status } = await fetch(`${world.hosts[0]!.api}/publish`, {
          method: 'POST',
          headers: {
            authorization: `Bearer ${who.device.state.session!.token}`,
            'content-type': 'application/json',
          },
          body: JSON.stringify({ room_id: id, content: 'too late' }),
        });
        if (status !== 404)
          world.record.note({ kind: 'broken', who: who.who, room: id, what: `answers ${status}` });
      }
      await Promise.all(
        people.map(({ device, who }) =>
          until(() => device.state.conversations[id]?.gone === 'deleted', {
            what: `${who} to hear that it is gone`,
          }),
        ),
      );
      const left = people.find(({ device }) => device.conversation(id).messages.length > 0);
      if (left) world.record.note({ kind: 'broken', who: left.who, room: id, what: 'still on the screen' });
    }
  },
};
