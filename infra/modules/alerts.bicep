// What somebody should look at. docs/operations.md says of each what it means and what to do.
@description('Region of the rule over logs and of the availability test.')
param location string
@description('Tags.')
param tags object
@description('E-mail address that alerts go to; empty for none.')
param email string
@description('Resource id of Application Insights.')
param componentId string
@description('Resource id of the Log Analytics workspace.')
param workspaceId string
@description('Resource id of the storage account.')
param storageId string
@description('Resource id of the Service Bus namespace.')
param serviceBusId string
@description('Resource id of Web PubSub.')
param webPubSubId string
@description('Host of the Function App.')
param apiHost string

resource operators 'Microsoft.Insights/actionGroups@2023-01-01' = {
  name: 'Operators of Hubbub'
  location: 'global'
  tags: tags
  properties: {
    groupShortName: 'Hubbub'
    enabled: true
    emailReceivers: empty(email) ? [] : [{ name: 'Operators', emailAddress: email, useCommonAlertSchema: true }]
  }
}

// Each counts values of one dimension, or all where it names none.
var watched = [
  {
    name: 'Dead letters'
    description: 'A message for the router, or a step of erasing a room, failed ten times or lay too long.'
    of: serviceBusId
    metric: 'DeadletteredMessages'
    namespace: 'Microsoft.ServiceBus/namespaces'
    aggregation: 'Maximum'
    above: 0
    dimension: 'EntityName'
    values: ['backend-messages', 'erasures']
    severity: 2
  }
  {
    name: 'Rejected messages'
    description: 'Another system sends what cannot be routed.'
    of: serviceBusId
    metric: 'ActiveMessages'
    namespace: 'Microsoft.ServiceBus/namespaces'
    aggregation: 'Maximum'
    above: 0
    dimension: 'EntityName'
    values: ['backend-rejected']
    severity: 3
  }
  {
    name: 'Service Bus is throttled'
    description: 'The namespace is asked for more than Standard takes. Nothing is lost, it is late.'
    of: serviceBusId
    metric: 'ThrottledRequests'
    namespace: 'Microsoft.ServiceBus/namespaces'
    aggregation: 'Total'
    above: 0
    dimension: ''
    values: []
    severity: 2
  }
  {
    name: 'Storage is throttled'
    description: 'One room, or the account, is written to faster than storage takes.'
    of: storageId
    metric: 'Transactions'
    namespace: 'Microsoft.Storage/storageAccounts'
    aggregation: 'Total'
    above: 10
    dimension: 'ResponseType'
    values: ['ServerBusyError', 'ClientThrottlingError', 'ClientAccountRequestThrottlingError']
    severity: 2
  }
  {
    name: 'Web PubSub is loaded'
    description: 'Latency rises from here on.'
    of: webPubSubId
    metric: 'ServerLoad'
    namespace: 'Microsoft.SignalRService/WebPubSub'
    aggregation: 'Average'
    above: 70
    dimension: ''
    values: []
    severity: 2
  }
  {
    name: 'Web PubSub is nearly full'
    description: 'At the limit of connections new ones are refused.'
    of: webPubSubId
    metric: 'ConnectionQuotaUtilization'
    namespace: 'Microsoft.SignalRService/WebPubSub'
    aggregation: 'Maximum'
    above: 80
    dimension: ''
    values: []
    severity: 2
  }
]

resource byMetric 'Microsoft.Insights/metricAlerts@2018-03-01' = [
  for alert in watched: {
    name: alert.name
    location: 'global'
    tags: tags
    properties: {
      description: alert.description
      enabled: true
      severity: alert.severity
      scopes: [alert.of]
      evaluationFrequency: 'PT5M'
      windowSize: 'PT15M'
      criteria: {
        'odata.type': 'Microsoft.Azure.Monitor.SingleResourceMultipleMetricCriteria'
        allOf: [
          {
            name: alert.metric
            criterionType: 'StaticThresholdCriterion'
            metricName: alert.metric
            metricNamespace: alert.namespace
            operator: 'GreaterThan'
            threshold: alert.above
            timeAggregation: alert.aggregation
            dimensions: empty(alert.dimension)
              ? []
              : [{ name: alert.dimension, operator: 'Include', values: alert.values }]
          }
        ]
      }
      actions: [{ actionGroupId: operators.id }]
    }
  }
]

resource failedRoutes 'Microsoft.Insights/scheduledQueryRules@2022-06-15' = {
  name: 'Failed routes'
  location: location
  tags: tags
  properties: {
    displayName: 'Failed routes'
    // On a first deployment the table of requests does not exist yet.
    skipQueryValidation: true
    description: 'The router failed for batches of messages, which come again by themselves.'
    enabled: true
    severity: 2
    scopes: [workspaceId]
    evaluationFrequency: 'PT5M'
    windowSize: 'PT15M'
    criteria: {
      allOf: [
        {
          query: 'AppRequests | where OperationName == "route" and Success == false'
          timeAggregation: 'Count'
          operator: 'GreaterThan'
          threshold: 5
          failingPeriods: { numberOfEvaluationPeriods: 1, minFailingPeriodsToAlert: 1 }
        }
      ]
    }
    actions: { actionGroups: [operators.id] }
  }
}

// Flex Consumption checks no health by itself.
resource asked 'Microsoft.Insights/webtests@2022-06-15' = {
  name: 'Health of Hubbub'
  location: location
  tags: union(tags, { 'hidden-link:${componentId}': 'Resource' })
  kind: 'standard'
  properties: {
    SyntheticMonitorId: 'health-of-hubbub'
    Name: 'Health of Hubbub'
    Description: 'Asks the API how it and the services behind it are.'
    Enabled: true
    Frequency: 900
    Timeout: 30
    Kind: 'standard'
    RetryEnabled: true
    Locations: [{ Id: 'emea-nl-ams-azr' }, { Id: 'us-va-ash-azr' }]
    Request: { RequestUrl: 'https://${apiHost}/api/health', HttpVerb: 'GET' }
    ValidationRules: { ExpectedHttpStatusCode: 200, SSLCheck: true, SSLCertRemainingLifetimeCheck: 7 }
  }
}

resource unhealthy 'Microsoft.Insights/metricAlerts@2018-03-01' = {
  name: 'Health address'
  location: 'global'
  tags: tags
  properties: {
    description: 'The API does not answer, or a service behind it does not.'
    enabled: true
    severity: 1
    scopes: [asked.id, componentId]
    evaluationFrequency: 'PT5M'
    windowSize: 'PT30M'
    criteria: {
      'odata.type': 'Microsoft.Azure.Monitor.WebtestLocationAvailabilityCriteria'
      webTestId: asked.id
      componentId: componentId
      failedLocationCount: 2
    }
    actions: [{ actionGroupId: operators.id }]
  }
}
