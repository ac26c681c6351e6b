/** The dev container: the Node of the project, the ports of the stack, the tools of a deployment. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { defaultPorts } from '../../local/stack/ports.ts';

const container = JSON.parse(readFileSync('.devcontainer/devcontainer.json', 'utf8')) as {
  image: string;
  features: Record<string, object>;
  forwardPorts: number[];
  portsAttributes: Record<string, { requireLocalPort?: boolean }>;
  postCreateCommand: string;
};

test('has the Node that the project asks for', () => {
  const major = readFileSync('.nvmrc', 'utf8').trim();
  expect(container.image).toMatch(
    new RegExp(`^mcr\\.microsoft\\.com/devcontainers/typescript-node:${major}-bookworm$`),
  );
});

test('forwards what a browser opens, on the same port: the page knows the others by number', () => {
  const { page, status, functions, webPubSub } = defaultPorts;
  expect(container.forwardPorts).toEqual([page, status, functions, webPubSub]);
  expect(Object.keys(container.portsAttributes).map(Number)).toEqual(container.forwardPorts);
  for (const attributes of Object.values(container.portsAttributes)) {
    expect(attributes.requireLocalPort).toBe(true);
  }
});

test('has what deploys, and installs what is locked', () => {
  expect(Object.keys(container.features).map((name) => name.replace(/:\d+$/, ''))).toEqual([
    'ghcr.io/devcontainers/features/azure-cli',
    'ghcr.io/azure/azure-dev/azd',
  ]);
  expect(container.postCreateCommand).toBe('npm ci');
});
