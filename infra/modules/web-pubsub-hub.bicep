// The hub and its event handler: every connection and every request over one calls the app's webhook.
@description('Name of the Web PubSub service.')
param webPubSubName string
@description('Host of the Function App.')
param apiHost string
@secure()
@description('Secret in the address of the webhook. It may hold a reference to a Key Vault instead.')
param webhookCode string

resource service 'Microsoft.SignalRService/webPubSub@2024-03-01' existing = {
  name: webPubSubName
}

resource hub 'Microsoft.SignalRService/webPubSub/hubs@2024-03-01' = {
  parent: service
  name: 'chat'
  properties: {
    anonymousConnectPolicy: 'deny'
    eventHandlers: [
      {
        urlTemplate: 'https://${apiHost}/api/webpubsub/events?code=${uriComponent(webhookCode)}'
        systemEvents: ['connect', 'connected', 'disconnected']
        userEventPattern: 'join,leave,list_rooms,message'
        // A token of its identity would need an application in Entra ID as audience: the code in the address proves it.
        auth: { type: 'None' }
      }
    ]
  }
}
