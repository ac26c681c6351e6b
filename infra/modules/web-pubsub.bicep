// Web PubSub: the connections of all clients. Its hub comes after the app, whose address it needs.
@description('Name of the service.')
param name string
@description('Region.')
param location string
@description('Tags.')
param tags object
@allowed(['Free_F1', 'Standard_S1', 'Premium_P1'])
@description('Tier.')
param sku string
@description('Units; with autoscale the fewest. A tier other than Free takes 1 to 10, 20, 30 and so on to 100.')
param units int
@description('Object id of the identity of the app.')
param appPrincipalId string

var serviceOwner = '12cf5a90-567b-43ae-8102-96cf46c7d9b4'

resource service 'Microsoft.SignalRService/webPubSub@2024-03-01' = {
  name: name
  location: location
  tags: tags
  // A deployment sets the units again, also where autoscale has added some; it adds them anew within minutes.
  sku: { name: sku, capacity: sku == 'Free_F1' ? 1 : units }
  // Its own, not the app's: a resource has one identity. It reads a Key Vault where the webhook's address refers to one.
  identity: { type: 'SystemAssigned' }
  properties: {
    disableLocalAuth: true
    tls: { clientCertEnabled: false }
  }
}

// Autoscale is of Premium alone: more units while connections are near what the present ones take.
resource autoscale 'Microsoft.Insights/autoscaleSettings@2022-10-01' = if (sku == 'Premium_P1') {
  name: '${name}-autoscale'
  location: location
  tags: tags
  properties: {
    enabled: true
    targetResourceUri: service.id
    profiles: [
      {
        name: 'By connections'
        capacity: { minimum: string(units), maximum: string(max(units, 10)), default: string(units) }
        rules: [
          {
            metricTrigger: {
              metricName: 'ConnectionQuotaUtilization'
              metricResourceUri: service.id
              operator: 'GreaterThan'
              statistic: 'Max'
              threshold: 70
              timeAggregation: 'Maximum'
              timeGrain: 'PT1M'
              timeWindow: 'PT5M'
            }
            scaleAction: { direction: 'Increase', type: 'ServiceAllowedNextValue', value: '1', cooldown: 'PT5M' }
          }
          {
            metricTrigger: {
              metricName: 'ConnectionQuotaUtilization'
              metricResourceUri: service.id
              operator: 'LessThan'
              statistic: 'Max'
              threshold: 20
              timeAggregation: 'Maximum'
              timeGrain: 'PT1M'
              timeWindow: 'PT30M'
            }
            scaleAction: { direction: 'Decrease', type: 'ServiceAllowedNextValue', value: '1', cooldown: 'PT30M' }
          }
        ]
      }
    ]
  }
}

// Web PubSub Service Owner: the app sends to groups, changes them, closes connections, and asks for the addresses
// that clients connect with, which a lesser role may not.
resource appOwnsService 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(service.id, appPrincipalId, serviceOwner)
  scope: service
  properties: {
    principalId: appPrincipalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', serviceOwner)
  }
}

@description('Resource id of the service.')
output id string = service.id
@description('Name of the service.')
output name string = service.name
@description('Host of the service.')
output host string = service.properties.hostName
@description('Address by which the app reaches it.')
output uri string = 'https://${service.properties.hostName}'
