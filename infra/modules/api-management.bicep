// An option: API Management (Consumption) before the API, for other systems. They need a subscription key, are
// limited in rate, and find the API described. The page goes to the Function App directly.
@description('Name of the service.')
param name string
@description('Region.')
param location string
@description('Tags.')
param tags object
@description('Host of the Function App.')
param apiHost string
@description('Origin of the page.')
param pageOrigin string
@description('E-mail address of whoever publishes the API.')
param publisherEmail string

resource service 'Microsoft.ApiManagement/service@2022-08-01' = {
  name: name
  location: location
  tags: tags
  sku: { name: 'Consumption', capacity: 0 }
  properties: {
    publisherName: 'Hubbub'
    publisherEmail: publisherEmail
    customProperties: {
      'Microsoft.WindowsAzure.ApiManagement.Gateway.Security.Protocols.Tls10': 'False'
      'Microsoft.WindowsAzure.ApiManagement.Gateway.Security.Protocols.Tls11': 'False'
    }
  }
}

resource api 'Microsoft.ApiManagement/service/apis@2022-08-01' = {
  parent: service
  name: 'hubbub'
  properties: {
    displayName: 'Hubbub'
    path: 'api'
    protocols: ['https']
    serviceUrl: 'https://${apiHost}/api'
    subscriptionRequired: true
    // OpenAPI 3.0.3: of 3.1 it reads a part only.
    format: 'openapi+json'
    value: loadTextContent('../openapi.json')
  }
}

resource policy 'Microsoft.ApiManagement/service/apis/policies@2022-08-01' = {
  parent: api
  name: 'policy'
  properties: {
    format: 'rawxml'
    value: replace(loadTextContent('../api-management-policy.xml'), 'PAGE_ORIGIN', pageOrigin)
  }
}

// Keys are given out for this product, one to each system: in the portal, or by the Azure CLI.
resource product 'Microsoft.ApiManagement/service/products@2022-08-01' = {
  parent: service
  name: 'systems'
  properties: {
    displayName: 'Systems that post into rooms'
    subscriptionRequired: true
    approvalRequired: false
    state: 'published'
  }
}

resource productApi 'Microsoft.ApiManagement/service/products/apis@2022-08-01' = {
  parent: product
  name: api.name
}

@description('Address of the API by this service, without its path.')
output url string = service.properties.gatewayUrl
