// A workbook: rooms, people, messages, latency, and what drives the cost.
@description('Region.')
param location string
@description('Tags.')
param tags object
@description('Resource id of the Log Analytics workspace, to which it belongs.')
param workspaceId string
@description('Resource id of Web PubSub.')
param webPubSubId string
@description('Resource id of the Service Bus namespace.')
param serviceBusId string
@description('Resource id of the storage account.')
param storageId string

var withWebPubSub = replace(loadTextContent('../workbook.json'), 'WEB_PUBSUB_ID', webPubSubId)
var withServiceBus = replace(withWebPubSub, 'SERVICE_BUS_ID', serviceBusId)
var withStorage = replace(withServiceBus, 'STORAGE_ID', storageId)

resource workbook 'Microsoft.Insights/workbooks@2022-04-01' = {
  name: guid(resourceGroup().id, 'workbook')
  location: location
  tags: tags
  kind: 'shared'
  properties: {
    displayName: 'Hubbub'
    category: 'workbook'
    version: '1.0'
    sourceId: workspaceId
    serializedData: replace(withStorage, 'WORKSPACE_ID', workspaceId)
  }
}
