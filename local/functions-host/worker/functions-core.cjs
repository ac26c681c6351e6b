'use strict';
// What `require('@azure/functions-core')` finds: the module that core-module.ts made for this process.
module.exports = globalThis[Symbol.for('functions-host.core')];
