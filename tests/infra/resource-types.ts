/**
 * The resource types that the templates deploy, by hand from Azure's REST descriptions (azure-rest-api-specs and the
 * template reference, read in November 2026): the properties that may be of use here, not all. What is not listed is
 * taken for a mistake; who needs it adds it after looking it up.
 */
import { describeTypes, type Shape } from './types.ts';

const tags: Shape = { map: 'string' };
const tracked = { 'location!': 'string', tags, 'id-': 'string', 'type-': 'string' } as const;
const proxy = { 'id-': 'string', 'type-': 'string' } as const;
const userAssigned: Shape = {
  'type!': ['None', 'SystemAssigned', 'UserAssigned', 'SystemAssigned, UserAssigned'],
  userAssignedIdentities: { map: 'any' },
};
const dimension: Shape = {
  'name!': 'string',
  'operator!': ['Include', 'Exclude'],
  'values!': { list: 'string' },
};
const rule: Shape = {
  'metricTrigger!': {
    'metricName!': 'string',
    metricNamespace: 'string',
    'metricResourceUri!': 'string',
    'operator!': ['Equals', 'NotEquals', 'GreaterThan', 'GreaterThanOrEqual', 'LessThan', 'LessThanOrEqual'],
    'statistic!': ['Average', 'Min', 'Max', 'Sum', 'Count'],
    'threshold!': 'int',
    'timeAggregation!': ['Average', 'Minimum', 'Maximum', 'Total', 'Count', 'Last'],
    'timeGrain!': 'string',
    'timeWindow!': 'string',
  },
  'scaleAction!': {
    'direction!': ['None', 'Increase', 'Decrease'],
    'type!': ['ChangeCount', 'PercentChangeCount', 'ExactCount', 'ServiceAllowedNextValue'],
    value: 'string',
    'cooldown!': 'string',
  },
};

const shapes: Record<string, Shape> = {
  'Microsoft.Resources/resourceGroups@2024-03-01': tracked,
  'Microsoft.ManagedIdentity/userAssignedIdentities@2023-01-31': {
    ...tracked,
    'properties-': { 'clientId-': 'string', 'principalId-': 'string' },
  },
  'Microsoft.Authorization/roleAssignments@2022-04-01': {
    ...proxy,
    'properties!': {
      'principalId!': 'string',
      'roleDefinitionId!': 'string',
      principalType: ['Device', 'ForeignGroup', 'Group', 'ServicePrincipal', 'User'],
      description: 'string',
    },
  },
  'Microsoft.OperationalInsights/workspaces@2023-09-01': {
    ...tracked,
    properties: {
      sku: {
        'name!': [
          'CapacityReservation',
          'Free',
          'LACluster',
          'PerGB2018',
          'PerNode',
          'Premium',
          'Standalone',
        ],
      },
      retentionInDays: 'int',
      workspaceCapping: { dailyQuotaGb: 'int' },
      features: { disableLocalAuth: 'bool' },
    },
  },
  'Microsoft.Insights/components@2020-02-02': {
    ...tracked,
    'kind!': 'string',
    properties: {
      'Application_Type!': ['web', 'other'],
      WorkspaceResourceId: 'string',
      DisableLocalAuth: 'bool',
      'ConnectionString-': 'string',
      'InstrumentationKey-': 'string',
    },
  },
  'Microsoft.Storage/storageAccounts@2023-05-01': {
    ...tracked,
    'kind!': ['BlobStorage', 'BlockBlobStorage', 'FileStorage', 'Storage', 'StorageV2'],
    'sku!': { 'name!': ['Standard_LRS', 'Standard_ZRS', 'Standard_GRS', 'Standard_GZRS', 'Standard_RAGRS'] },
    properties: {
      allowSharedKeyAccess: 'bool',
      allowBlobPublicAccess: 'bool',
      minimumTlsVersion: ['TLS1_0', 'TLS1_1', 'TLS1_2', 'TLS1_3'],
      supportsHttpsTrafficOnly: 'bool',
      defaultToOAuthAuthentication: 'bool',
      'primaryEndpoints-': 'any',
    },
  },
  'Microsoft.Storage/storageAccounts/blobServices@2023-05-01': { ...proxy, properties: 'any' },
  'Microsoft.Storage/storageAccounts/blobServices/containers@2023-05-01': {
    ...proxy,
    properties: { publicAccess: ['Blob', 'Container', 'None'] },
  },
  'Microsoft.Storage/storageAccounts/tableServices@2023-05-01': { ...proxy, properties: 'any' },
  'Microsoft.Storage/storageAccounts/tableServices/tables@2023-05-01': { ...proxy, properties: 'any' },
  'Microsoft.ServiceBus/namespaces@2024-01-01': {
    ...tracked,
    sku: {
      'name!': ['Basic', 'Standard', 'Premium'],
      tier: ['Basic', 'Standard', 'Premium'],
      capacity: 'int',
    },
    properties: { disableLocalAuth: 'bool', minimumTlsVersion: ['1.0', '1.1', '1.2'], zoneRedundant: 'bool' },
  },
  'Microsoft.ServiceBus/namespaces/topics@2024-01-01': {
    ...proxy,
    properties: {
      requiresDuplicateDetection: 'bool',
      duplicateDetectionHistoryTimeWindow: 'string',
      defaultMessageTimeToLive: 'string',
      enablePartitioning: 'bool',
      supportOrdering: 'bool',
      maxSizeInMegabytes: 'int',
    },
  },
  'Microsoft.ServiceBus/namespaces/topics/subscriptions@2024-01-01': {
    ...proxy,
    properties: {
      lockDuration: 'string',
      maxDeliveryCount: 'int',
      deadLetteringOnMessageExpiration: 'bool',
      deadLetteringOnFilterEvaluationExceptions: 'bool',
      defaultMessageTimeToLive: 'string',
      requiresSession: 'bool',
      forwardTo: 'string',
    },
  },
  'Microsoft.ServiceBus/namespaces/queues@2024-01-01': {
    ...proxy,
    properties: {
      lockDuration: 'string',
      maxDeliveryCount: 'int',
      deadLetteringOnMessageExpiration: 'bool',
      defaultMessageTimeToLive: 'string',
      requiresSession: 'bool',
      requiresDuplicateDetection: 'bool',
      maxSizeInMegabytes: 'int',
    },
  },
  'Microsoft.SignalRService/webPubSub@2024-03-01': {
    ...tracked,
    sku: { 'name!': ['Free_F1', 'Standard_S1', 'Premium_P1', 'Premium_P2'], tier: 'string', capacity: 'int' },
    identity: userAssigned,
    kind: ['WebPubSub', 'SocketIO'],
    properties: {
      disableLocalAuth: 'bool',
      disableAadAuth: 'bool',
      publicNetworkAccess: ['Enabled', 'Disabled'],
      tls: { clientCertEnabled: 'bool' },
      'hostName-': 'string',
    },
  },
  'Microsoft.SignalRService/webPubSub/hubs@2024-03-01': {
    ...proxy,
    'properties!': {
      anonymousConnectPolicy: ['allow', 'deny'],
      eventHandlers: {
        list: {
          'urlTemplate!': 'string',
          systemEvents: { list: ['connect', 'connected', 'disconnected'] },
          userEventPattern: 'string',
          auth: { type: ['None', 'ManagedIdentity'], managedIdentity: { resource: 'string' } },
        },
      },
      eventListeners: 'any',
      webSocketKeepAliveIntervalInSeconds: 'int',
    },
  },
  'Microsoft.Web/staticSites@2024-04-01': {
    ...tracked,
    sku: { name: ['Free', 'Standard'], tier: ['Free', 'Standard'] },
    properties: {
      allowConfigFileUpdates: 'bool',
      stagingEnvironmentPolicy: ['Enabled', 'Disabled'],
      'defaultHostname-': 'string',
    },
  },
  'Microsoft.Web/serverfarms@2024-04-01': {
    ...tracked,
    kind: 'string',
    sku: { name: ['FC1'], tier: ['FlexConsumption'] },
    properties: { reserved: 'bool', zoneRedundant: 'bool' },
  },
  'Microsoft.Web/sites@2024-04-01': {
    ...tracked,
    kind: 'string',
    identity: userAssigned,
    properties: {
      serverFarmId: 'string',
      httpsOnly: 'bool',
      siteConfig: {
        minTlsVersion: ['1.0', '1.1', '1.2', '1.3'],
        cors: { allowedOrigins: { list: 'string' }, supportCredentials: 'bool' },
      },
      functionAppConfig: {
        deployment: {
          storage: {
            type: ['blobContainer'],
            value: 'string',
            authentication: {
              type: ['StorageAccountConnectionString', 'SystemAssignedIdentity', 'UserAssignedIdentity'],
              userAssignedIdentityResourceId: 'string',
            },
          },
        },
        runtime: {
          name: ['custom', 'dotnet-isolated', 'java', 'node', 'powershell', 'python'],
          version: 'string',
        },
        scaleAndConcurrency: {
          alwaysReady: { list: { name: 'string', instanceCount: 'int' } },
          instanceMemoryMB: 'int',
          maximumInstanceCount: 'int',
          triggers: { http: { perInstanceConcurrency: 'int' } },
        },
      },
      'defaultHostName-': 'string',
    },
  },
  'Microsoft.Web/sites/config@2024-04-01': { ...proxy, properties: { map: 'string' } },
  'Microsoft.Web/sites/basicPublishingCredentialsPolicies@2024-04-01': {
    ...proxy,
    properties: { 'allow!': 'bool' },
  },
  'Microsoft.ApiManagement/service@2022-08-01': {
    ...tracked,
    'sku!': { 'name!': ['Basic', 'Consumption', 'Developer', 'Premium', 'Standard'], 'capacity!': 'int' },
    'properties!': {
      'publisherName!': 'string',
      'publisherEmail!': 'string',
      customProperties: { map: 'string' },
      'gatewayUrl-': 'string',
    },
  },
  'Microsoft.ApiManagement/service/apis@2022-08-01': {
    ...proxy,
    properties: {
      displayName: 'string',
      'path!': 'string',
      protocols: { list: ['http', 'https', 'ws', 'wss'] },
      serviceUrl: 'string',
      subscriptionRequired: 'bool',
      format: ['openapi', 'openapi+json', 'openapi+json-link', 'openapi-link', 'swagger-json'],
      value: 'string',
    },
  },
  'Microsoft.ApiManagement/service/apis/policies@2022-08-01': {
    ...proxy,
    properties: { format: ['rawxml', 'rawxml-link', 'xml', 'xml-link'], 'value!': 'string' },
  },
  'Microsoft.ApiManagement/service/products@2022-08-01': {
    ...proxy,
    properties: {
      'displayName!': 'string',
      subscriptionRequired: 'bool',
      approvalRequired: 'bool',
      state: ['notPublished', 'published'],
    },
  },
  'Microsoft.ApiManagement/service/products/apis@2022-08-01': proxy,
  'Microsoft.Insights/actionGroups@2023-01-01': {
    ...tracked,
    properties: {
      'groupShortName!': 'string',
      'enabled!': 'bool',
      emailReceivers: {
        list: { 'name!': 'string', 'emailAddress!': 'string', useCommonAlertSchema: 'bool' },
      },
    },
  },
  'Microsoft.Insights/metricAlerts@2018-03-01': {
    ...tracked,
    'properties!': {
      description: 'string',
      'enabled!': 'bool',
      'severity!': 'int',
      'scopes!': { list: 'string' },
      'evaluationFrequency!': 'string',
      'windowSize!': 'string',
      'criteria!': {
        'odata.type!': [
          'Microsoft.Azure.Monitor.SingleResourceMultipleMetricCriteria',
          'Microsoft.Azure.Monitor.MultipleResourceMultipleMetricCriteria',
          'Microsoft.Azure.Monitor.WebtestLocationAvailabilityCriteria',
        ],
        allOf: {
          list: {
            'name!': 'string',
            'criterionType!': ['StaticThresholdCriterion', 'DynamicThresholdCriterion'],
            'metricName!': 'string',
            metricNamespace: 'string',
            'operator!': ['Equals', 'GreaterThan', 'GreaterThanOrEqual', 'LessThan', 'LessThanOrEqual'],
            'threshold!': 'int',
            'timeAggregation!': ['Average', 'Count', 'Maximum', 'Minimum', 'Total'],
            dimensions: { list: dimension },
          },
        },
        webTestId: 'string',
        componentId: 'string',
        failedLocationCount: 'int',
      },
      actions: { list: { actionGroupId: 'string' } },
    },
  },
  'Microsoft.Insights/scheduledQueryRules@2022-06-15': {
    ...tracked,
    'properties!': {
      displayName: 'string',
      description: 'string',
      enabled: 'bool',
      skipQueryValidation: 'bool',
      severity: 'int',
      scopes: { list: 'string' },
      evaluationFrequency: 'string',
      windowSize: 'string',
      criteria: {
        allOf: {
          list: {
            query: 'string',
            timeAggregation: ['Average', 'Count', 'Maximum', 'Minimum', 'Total'],
            operator: ['Equals', 'GreaterThan', 'GreaterThanOrEqual', 'LessThan', 'LessThanOrEqual'],
            threshold: 'int',
            failingPeriods: { numberOfEvaluationPeriods: 'int', minFailingPeriodsToAlert: 'int' },
          },
        },
      },
      actions: { actionGroups: { list: 'string' } },
    },
  },
  'Microsoft.Insights/webtests@2022-06-15': {
    ...tracked,
    kind: ['ping', 'multistep', 'standard'],
    properties: {
      'SyntheticMonitorId!': 'string',
      'Name!': 'string',
      Description: 'string',
      Enabled: 'bool',
      Frequency: 'int',
      Timeout: 'int',
      'Kind!': ['ping', 'multistep', 'standard'],
      RetryEnabled: 'bool',
      'Locations!': { list: { Id: 'string' } },
      Request: { RequestUrl: 'string', HttpVerb: 'string' },
      ValidationRules: {
        ExpectedHttpStatusCode: 'int',
        SSLCheck: 'bool',
        SSLCertRemainingLifetimeCheck: 'int',
      },
    },
  },
  'Microsoft.Insights/autoscaleSettings@2022-10-01': {
    ...tracked,
    'properties!': {
      enabled: 'bool',
      targetResourceUri: 'string',
      'profiles!': {
        list: {
          'name!': 'string',
          'capacity!': { 'minimum!': 'string', 'maximum!': 'string', 'default!': 'string' },
          'rules!': { list: rule },
        },
      },
    },
  },
  'Microsoft.Insights/workbooks@2022-04-01': {
    ...tracked,
    kind: ['shared'],
    properties: {
      'displayName!': 'string',
      'category!': 'string',
      version: 'string',
      sourceId: 'string',
      'serializedData!': 'string',
    },
  },
};

/** By `TYPE@VERSION`. */
export const resourceTypes = describeTypes(shapes);
