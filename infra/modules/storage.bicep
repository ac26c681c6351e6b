// The storage account: tables of the app, what the Functions host keeps, and the container of deployments.
@description('Name of the account.')
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

var tableNames = [
  'rooms'
  'directory'
  'memberships'
  'connections'
  'intents'
  'guests'
  'users'
  'emails'
  'sessions'
  'keys'
  'limits'
  'blocks'
  'invitations'
  'counters'
]
var blobDataOwner = 'b7e6dc6d-f1e8-4753-8033-0f276bb0955b'
var tableDataContributor = '0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3'

resource account 'Microsoft.Storage/storageAccounts@2023-05-01' = {
  name: name
  location: location
  tags: tags
  kind: 'StorageV2'
  sku: { name: 'Standard_LRS' }
  properties: {
    allowSharedKeyAccess: false
    allowBlobPublicAccess: false
    minimumTlsVersion: 'TLS1_2'
    supportsHttpsTrafficOnly: true
    defaultToOAuthAuthentication: true
  }
}

resource blobs 'Microsoft.Storage/storageAccounts/blobServices@2023-05-01' = {
  parent: account
  name: 'default'
}

resource deployments 'Microsoft.Storage/storageAccounts/blobServices/containers@2023-05-01' = {
  parent: blobs
  name: 'deployments'
  properties: { publicAccess: 'None' }
}

resource tableService 'Microsoft.Storage/storageAccounts/tableServices@2023-05-01' = {
  parent: account
  name: 'default'
}

resource tables 'Microsoft.Storage/storageAccounts/tableServices/tables@2023-05-01' = [
  for table in tableNames: {
    parent: tableService
    name: table
  }
]

// Storage Blob Data Owner: the Functions host keeps leases of timers here and reads the deployment; Microsoft names
// this role for `AzureWebJobsStorage` without a key.
resource hostKeepsBlobs 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(account.id, appPrincipalId, blobDataOwner)
  scope: account
  properties: {
    principalId: appPrincipalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', blobDataOwner)
  }
}

// Storage Table Data Contributor: the app reads and writes its tables, and makes one that is missing.
resource appUsesTables 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(account.id, appPrincipalId, tableDataContributor)
  scope: account
  properties: {
    principalId: appPrincipalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', tableDataContributor)
  }
}

// The same for who operates it: `npm run tables` backs the tables up and restores them.
resource operatorUsesTables 'Microsoft.Authorization/roleAssignments@2022-04-01' = if (!empty(operatorId)) {
  name: guid(account.id, operatorId, tableDataContributor)
  scope: account
  properties: {
    principalId: operatorId
    principalType: operatorType
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', tableDataContributor)
  }
}

@description('Resource id of the account.')
output id string = account.id
@description('Name of the account.')
output name string = account.name
@description('Address of the tables.')
output tableEndpoint string = account.properties.primaryEndpoints.table
@description('Address of the container that packages are uploaded to.')
output deploymentContainer string = '${account.properties.primaryEndpoints.blob}${deployments.name}'
