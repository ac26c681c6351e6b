// The page. It learns the address of the API when it is deployed, from the config.json that a hook writes.
@description('Name of the Static Web App.')
param name string
@description('Region.')
param location string
@description('Tags.')
param tags object
@allowed(['Free', 'Standard'])
@description('Plan.')
param sku string

resource page 'Microsoft.Web/staticSites@2024-04-01' = {
  name: name
  location: location
  tags: union(tags, { 'azd-service-name': 'web' })
  sku: { name: sku, tier: sku }
  properties: {
    allowConfigFileUpdates: true
    stagingEnvironmentPolicy: 'Disabled'
  }
}

@description('Name of the Static Web App.')
output name string = page.name
@description('Address of the page.')
output url string = 'https://${page.properties.defaultHostname}'
