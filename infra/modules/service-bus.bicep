// Service Bus: the topic that every message passes, its subscription for the router, and two queues of the app.
// Standard in every size: Basic has neither topics nor duplicate detection.
@description('Name of the namespace.')
param name string
@description('Region.')
param location string
@description('Tags.')
param tags object
@description('Object id of the identity of the app.')
param appPrincipalId string
@description('Object id of who operates the deployment; empty for nobody.')
param operatorId string
@description('What kind of principal the operator is.')
param operatorType string

var dataOwner = '090c5cfd-751d-490a-894a-3ce6f1109419'

resource namespace 'Microsoft.ServiceBus/namespaces@2024-01-01' = {
  name: name
  location: location
  tags: tags
  sku: { name: 'Standard', tier: 'Standard' }
  properties: {
    disableLocalAuth: true
    minimumTlsVersion: '1.2'
  }
}

resource topic 'Microsoft.ServiceBus/namespaces/topics@2024-01-01' = {
  parent: namespace
  name: 'backend-messages'
  properties: {
    requiresDuplicateDetection: true
    duplicateDetectionHistoryTimeWindow: 'PT10M'
    defaultMessageTimeToLive: 'P14D'
  }
}

resource subscription 'Microsoft.ServiceBus/namespaces/topics/subscriptions@2024-01-01' = {
  parent: topic
  name: 'backend-subscription'
  properties: {
    lockDuration: 'PT1M'
    maxDeliveryCount: 10
    deadLetteringOnMessageExpiration: true
    defaultMessageTimeToLive: 'P14D'
    requiresSession: false
  }
}

// What cannot be routed, for a person to look at. Picking single messages counts as a delivery of those passed over:
// after ten they are among its dead letters, where `npm run letters` finds them as well.
resource rejected 'Microsoft.ServiceBus/namespaces/queues@2024-01-01' = {
  parent: namespace
  name: 'backend-rejected'
  properties: {
    lockDuration: 'PT1M'
    maxDeliveryCount: 10
    defaultMessageTimeToLive: 'P14D'
  }
}

// The steps in which a deleted room is erased.
resource erasures 'Microsoft.ServiceBus/namespaces/queues@2024-01-01' = {
  parent: namespace
  name: 'erasures'
  properties: {
    lockDuration: 'PT5M'
    maxDeliveryCount: 10
    deadLetteringOnMessageExpiration: true
    defaultMessageTimeToLive: 'P14D'
  }
}

// Azure Service Bus Data Owner on the namespace: the app sends and receives, and the scaler must count what waits,
// which needs Manage. With Sender and Receiver alone it would scale by the age of messages instead.
resource appOwnsData 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(namespace.id, appPrincipalId, dataOwner)
  scope: namespace
  properties: {
    principalId: appPrincipalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', dataOwner)
  }
}

// The same for who operates it: `npm run letters` lists, resends and discards what nobody could deliver.
resource operatorOwnsData 'Microsoft.Authorization/roleAssignments@2022-04-01' = if (!empty(operatorId)) {
  name: guid(namespace.id, operatorId, dataOwner)
  scope: namespace
  properties: {
    principalId: operatorId
    principalType: operatorType
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', dataOwner)
  }
}

@description('Resource id of the namespace.')
output id string = namespace.id
@description('Host of the namespace.')
output host string = '${namespace.name}.servicebus.windows.net'
