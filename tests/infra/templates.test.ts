/** The templates parse, fit the types that they deploy, and say each thing once. Every rule is seen to find a break. */
import { describe, expect, it } from 'vitest';
import { check } from './rules.ts';
import { broken, templates } from './templates.ts';

const main = 'infra/main.bicep';
const storage = 'infra/modules/storage.bicep';
const functions = 'infra/modules/functions.bicep';
const hub = 'infra/modules/web-pubsub-hub.bicep';

it('the templates break no rule', () => {
  expect(Object.keys(templates).length).toBeGreaterThan(10);
  expect(check(templates)).toEqual([]);
});

/** What, in which file, what is found there and what comes in its place, and what the rules say. */
type Break = [what: string, path: string, find: string, replace: string, finding: RegExp];

describe('it is found', () => {
  it.each<Break>([
    ['where something is no Bicep', storage, 'tags: tags\n  kind', 'tags: = tags\n  kind', /no Bicep/],
    [
      'a parameter that nobody uses',
      storage,
      'var blobDataOwner',
      "@description('x')\nparam idle string\nvar blobDataOwner",
      /idle is declared and not used/,
    ],
    [
      'a variable that nobody uses',
      storage,
      'var blobDataOwner',
      "var idle = 'x'\nvar blobDataOwner",
      /idle is declared and not used/,
    ],
    [
      'a parameter without a description',
      storage,
      "@description('Region.')\nparam location",
      'param location',
      /location has no description/,
    ],
    [
      'a secret that is not secure',
      hub,
      "@secure()\n@description('Secret",
      "@description('Secret",
      /webhookCode is not @secure/,
    ],
    [
      'an output that tells a secret',
      functions,
      'output name string = app.name',
      'output name string = webhookCode',
      /tells a secret/,
    ],
    [
      'a key that is read',
      storage,
      'output id string = account.id',
      'output id string = account.listKeys().keys[0].value',
      /list function reads keys/,
    ],
    [
      'a version that is not described',
      storage,
      "resource account 'Microsoft.Storage/storageAccounts@2023-05-01",
      "resource account 'Microsoft.Storage/storageAccounts@1999-01-01",
      /no type that is described/,
    ],
    [
      'a property that no such type has',
      storage,
      'allowBlobPublicAccess: false',
      'allowBlobPublicAccess: false\n    allowsPublicBlobs: false',
      /allowsPublicBlobs is not known/,
    ],
    ['a property that is missing', storage, "  sku: { name: 'Standard_LRS' }\n", '', /sku is missing/],
    [
      'a value that is none of the allowed',
      storage,
      "name: 'Standard_LRS'",
      "name: 'Cheap'",
      /sku.name must be one of/,
    ],
    [
      'what Azure works out, given',
      functions,
      '    httpsOnly: true\n',
      "    httpsOnly: true\n    defaultHostName: 'x'\n",
      /defaultHostName cannot be given/,
    ],
    [
      'a number that is a text',
      'infra/modules/service-bus.bicep',
      "maxDeliveryCount: 10\n    deadLetteringOnMessageExpiration: true\n    defaultMessageTimeToLive: 'P14D'\n    requiresSession",
      "maxDeliveryCount: '10'\n    requiresSession",
      /maxDeliveryCount must be a whole number/,
    ],
    [
      'a service that takes keys',
      storage,
      'allowSharedKeyAccess: false',
      'allowSharedKeyAccess: true',
      /must say properties.allowSharedKeyAccess: false/,
    ],
    ['a service without tags', storage, '  tags: tags\n  kind', '  kind', /has no tags/],
    ['a module that lacks what it asks for', main, '    sku: chosen.webPubSub\n', '', /webPubSub lacks sku/],
    [
      'a module that is given what it does not take',
      main,
      '    sku: chosen.webPubSub\n',
      '    sku: chosen.webPubSub\n    zones: 1\n',
      /webPubSub does not take zones/,
    ],
    [
      'a module that is not there',
      main,
      "'modules/identity.bicep'",
      "'modules/nowhere.bicep'",
      /there is no modules\/nowhere.bicep/,
    ],
    [
      'an output that nobody reads',
      storage,
      'output id string',
      "output idle string = 'x'\n@description('y')\noutput id string",
      /nobody reads the output idle/,
    ],
  ])('%s', (...[, path, find, replace, finding]) => {
    expect(check(broken(path, find, replace)).join('\n')).toMatch(finding);
  });
});
