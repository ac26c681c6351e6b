// Hubbub on Azure: everything it needs, in one resource group. `azd up` deploys it; docs/deploy.md tells how.
// Names of what code and template share are those of contract/names.ts; tests/infra/ holds one against the other.
targetScope = 'subscription'

@minLength(1)
@maxLength(40)
@description('Name of the environment: part of the resource group, and a tag of everything in it.')
param environmentName string

@minLength(1)
@description('Region of everything but the page. It must offer Functions Flex Consumption and Web PubSub.')
param location string

@allowed(['centralus', 'eastasia', 'eastus2', 'westeurope', 'westus2'])
@description('Region of the Static Web App, which exists in these five only. Its files are served from everywhere.')
param webLocation string = 'westeurope'

@allowed(['free', 'standard', 'scale'])
@description('free: Web PubSub Free and nothing always ready. standard: one unit, one instance ready for HTTP and one for the router. scale: Web PubSub Premium with autoscale, more ready. docs/cost.md says what each costs.')
param size string = 'standard'

@secure()
@minLength(16)
@description('Secret in the address of the webhook that Web PubSub calls. Made once by the preprovision hook.')
param webhookCode string

@secure()
@minLength(32)
@description('Signs sessions. Made once by the preprovision hook; another one ends every access token.')
param sessionSigningKey string

@allowed(['on', 'off'])
@description('Whether people may come as guests, by a name alone.')
param guests string = 'off'

@allowed(['on', 'off'])
@description('Whether people may register accounts with e-mail and password.')
param accounts string = 'on'

@description('Providers of OpenID Connect, each as docs/operations.md describes it.')
param oidcProviders array = []

@allowed(['on', 'off'])
@description('Whether each call, and each step of a message, leaves a line in the log that traces it.')
param traces string = 'on'

@description('Origin of the page where it has a domain of its own, such as https://chat.example.org. CORS allows exactly one.')
param pageOrigin string = ''

@minValue(1)
@maxValue(1000)
@description('HTTP requests that one instance takes at a time. Publishes to a room share a write only if they meet in an instance.')
param httpConcurrency int = 64

@minValue(40)
@maxValue(1000)
@description('Most instances of the app. Most regions refuse fewer than 40.')
param maximumInstanceCount int = 100

@minValue(-1)
@description('Instances always ready for HTTP. -1: as the size says.')
param readyForHttp int = -1

@minValue(-1)
@description('Instances always ready for the router. -1: as the size says.')
param readyForRoute int = -1

@minValue(1)
@maxValue(100)
@description('Units of Web PubSub, of 1,000 connections each; with autoscale (scale) the fewest. 1 to 10, 20, 30 and so on to 100; free has one.')
param webPubSubUnits int = 1

@description('Whether API Management (Consumption) is put before the API for other systems.')
param useApiManagement bool = false

@description('E-mail address of whoever publishes the API, which API Management asks for.')
param publisherEmail string = 'nobody@example.org'

@description('E-mail address that alerts go to. Empty: alerts show in the portal alone.')
param alertEmail string = ''

@description('Object id of who operates the deployment and may run the commands for letters and backups. Empty: nobody.')
param principalId string = deployer().objectId

@allowed(['User', 'Group', 'ServicePrincipal'])
@description('What kind of principal that is: ServicePrincipal in a pipeline.')
param principalType string = 'User'

var token = toLower(uniqueString(subscription().id, environmentName, location))
var tags = { 'azd-env-name': environmentName }

// What a size means, but for prices: those are in infra/cost/sizes.ts, which a test holds against this.
var sizes = {
  free: { webPubSub: 'Free_F1', page: 'Free', memory: 512, http: 0, route: 0 }
  standard: { webPubSub: 'Standard_S1', page: 'Standard', memory: 512, http: 1, route: 1 }
  scale: { webPubSub: 'Premium_P1', page: 'Standard', memory: 2048, http: 3, route: 2 }
}
var chosen = sizes[size]

resource group 'Microsoft.Resources/resourceGroups@2024-03-01' = {
  name: 'rg-${environmentName}'
  location: location
  tags: tags
}

module identity 'modules/identity.bicep' = {
  scope: group
  params: { name: 'id-${token}', location: location, tags: tags }
}

module monitoring 'modules/monitoring.bicep' = {
  scope: group
  params: {
    workspaceName: 'log-${token}'
    componentName: 'appi-${token}'
    location: location
    tags: tags
    appPrincipalId: identity.outputs.principalId
  }
}

module storage 'modules/storage.bicep' = {
  scope: group
  params: {
    name: 'st${token}'
    location: location
    tags: tags
    appPrincipalId: identity.outputs.principalId
    operatorId: principalId
    operatorType: principalType
  }
}

module serviceBus 'modules/service-bus.bicep' = {
  scope: group
  params: {
    name: 'sbns-${token}'
    location: location
    tags: tags
    appPrincipalId: identity.outputs.principalId
    operatorId: principalId
    operatorType: principalType
  }
}

module webPubSub 'modules/web-pubsub.bicep' = {
  scope: group
  params: {
    name: 'wps-${token}'
    location: location
    tags: tags
    sku: chosen.webPubSub
    units: webPubSubUnits
    appPrincipalId: identity.outputs.principalId
  }
}

module page 'modules/static-web-app.bicep' = {
  scope: group
  params: { name: 'stapp-${token}', location: webLocation, tags: tags, sku: chosen.page }
}

var origin = empty(pageOrigin) ? page.outputs.url : pageOrigin

module functions 'modules/functions.bicep' = {
  scope: group
  params: {
    name: 'func-${token}'
    planName: 'plan-${token}'
    location: location
    tags: tags
    identityId: identity.outputs.id
    identityClientId: identity.outputs.clientId
    storageName: storage.outputs.name
    tableEndpoint: storage.outputs.tableEndpoint
    deploymentContainer: storage.outputs.deploymentContainer
    serviceBusHost: serviceBus.outputs.host
    webPubSubUri: webPubSub.outputs.uri
    insightsConnection: monitoring.outputs.connection
    pageOrigin: origin
    memory: chosen.memory
    httpConcurrency: httpConcurrency
    maximumInstanceCount: maximumInstanceCount
    readyForHttp: readyForHttp < 0 ? chosen.http : readyForHttp
    readyForRoute: readyForRoute < 0 ? chosen.route : readyForRoute
    webhookCode: webhookCode
    sessionSigningKey: sessionSigningKey
    guests: guests
    accounts: accounts
    oidcProviders: string(oidcProviders)
    traces: traces
  }
}

module hub 'modules/web-pubsub-hub.bicep' = {
  scope: group
  params: { webPubSubName: webPubSub.outputs.name, apiHost: functions.outputs.host, webhookCode: webhookCode }
}

module gateway 'modules/api-management.bicep' = if (useApiManagement) {
  scope: group
  params: {
    name: 'apim-${token}'
    location: location
    tags: tags
    apiHost: functions.outputs.host
    pageOrigin: origin
    publisherEmail: publisherEmail
  }
}

module alerts 'modules/alerts.bicep' = {
  scope: group
  params: {
    location: location
    tags: tags
    email: alertEmail
    componentId: monitoring.outputs.componentId
    workspaceId: monitoring.outputs.workspaceId
    storageId: storage.outputs.id
    serviceBusId: serviceBus.outputs.id
    webPubSubId: webPubSub.outputs.id
    apiHost: functions.outputs.host
  }
}

module workbook 'modules/workbook.bicep' = {
  scope: group
  params: {
    location: location
    tags: tags
    workspaceId: monitoring.outputs.workspaceId
    webPubSubId: webPubSub.outputs.id
    serviceBusId: serviceBus.outputs.id
    storageId: storage.outputs.id
  }
}

@description('Region of the deployment.')
output AZURE_LOCATION string = location
@description('Tenant of the deployment.')
output AZURE_TENANT_ID string = tenant().tenantId
@description('The resource group that holds everything.')
output RESOURCE_GROUP string = group.name
@description('Address of the API, without its path.')
output API_URL string = 'https://${functions.outputs.host}'
@description('Address of the API by API Management; empty where that is off.')
output GATEWAY_URL string = useApiManagement ? gateway!.outputs.url : ''
@description('Address of the page.')
output WEB_URL string = origin
@description('Host that clients open their WebSocket to.')
output WEB_PUBSUB_HOST string = webPubSub.outputs.host
@description('Address of the tables, for backups.')
output STORAGE_TABLE_ENDPOINT string = storage.outputs.tableEndpoint
@description('Host of the Service Bus namespace, for letters that nobody could deliver.')
output SERVICE_BUS_NAMESPACE string = serviceBus.outputs.host
@description('Name of the Function App.')
output FUNCTION_APP_NAME string = functions.outputs.name
@description('Name of the Static Web App.')
output STATIC_WEB_APP_NAME string = page.outputs.name
