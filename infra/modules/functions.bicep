// The Function App on Flex Consumption, Node 24. It has one identity, and reaches every service by it.
@description('Name of the Function App.')
param name string
@description('Name of its plan.')
param planName string
@description('Region.')
param location string
@description('Tags.')
param tags object
@description('Resource id of its identity.')
param identityId string
@description('Client id of its identity.')
param identityClientId string
@description('Name of the storage account.')
param storageName string
@description('Address of the tables.')
param tableEndpoint string
@description('Address of the container that packages are uploaded to.')
param deploymentContainer string
@description('Host of the Service Bus namespace.')
param serviceBusHost string
@description('Address of Web PubSub.')
param webPubSubUri string
@description('Where telemetry goes.')
param insightsConnection string
@description('Origin of the page: the only one that CORS lets in.')
param pageOrigin string
@allowed([512, 2048, 4096])
@description('Memory of an instance, in MB.')
param memory int
@description('HTTP requests that one instance takes at a time.')
param httpConcurrency int
@description('Most instances.')
param maximumInstanceCount int
@description('Instances always ready for HTTP.')
param readyForHttp int
@description('Instances always ready for the router.')
param readyForRoute int
@secure()
@description('Secret in the address of the webhook.')
param webhookCode string
@secure()
@description('Signs sessions.')
param sessionSigningKey string
@description('Whether people may come as guests: on or off.')
param guests string
@description('Whether people may register accounts: on or off.')
param accounts string
@description('Providers of OpenID Connect, a JSON array.')
param oidcProviders string
@description('Whether calls and messages are traced in the log: on or off.')
param traces string

// A router alone that is ready does not make the first message fast: it comes by HTTP. `http` stands for all HTTP
// functions together, `function:NAME` for another.
var ready = [
  { name: 'http', instanceCount: readyForHttp }
  { name: 'function:route', instanceCount: readyForRoute }
]

resource plan 'Microsoft.Web/serverfarms@2024-04-01' = {
  name: planName
  location: location
  tags: tags
  kind: 'functionapp'
  sku: { name: 'FC1', tier: 'FlexConsumption' }
  properties: { reserved: true }
}

resource app 'Microsoft.Web/sites@2024-04-01' = {
  name: name
  location: location
  tags: union(tags, { 'azd-service-name': 'api' })
  kind: 'functionapp,linux'
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: { '${identityId}': {} }
  }
  properties: {
    serverFarmId: plan.id
    httpsOnly: true
    siteConfig: {
      minTlsVersion: '1.2'
      cors: { allowedOrigins: [pageOrigin], supportCredentials: false }
    }
    functionAppConfig: {
      deployment: {
        storage: {
          type: 'blobContainer'
          value: deploymentContainer
          authentication: { type: 'UserAssignedIdentity', userAssignedIdentityResourceId: identityId }
        }
      }
      // Azure takes a version that does not exist without a word, and the app then never starts.
      runtime: { name: 'node', version: '24' }
      scaleAndConcurrency: {
        instanceMemoryMB: memory
        maximumInstanceCount: maximumInstanceCount
        alwaysReady: filter(ready, one => one.instanceCount > 0)
        // Of HTTP alone: host.json has no say in it here, and the platform's own default is small.
        triggers: { http: { perInstanceConcurrency: httpConcurrency } }
      }
    }
  }
}

// Flex Consumption takes neither FUNCTIONS_WORKER_RUNTIME nor a name with a colon.
resource settings 'Microsoft.Web/sites/config@2024-04-01' = {
  parent: app
  name: 'appsettings'
  properties: {
    // What the Functions host and the SDKs read: `hostSettings` of contract/names.ts.
    AzureWebJobsStorage__accountName: storageName
    AzureWebJobsStorage__credential: 'managedidentity'
    AzureWebJobsStorage__clientId: identityClientId
    ServiceBusConnection__credential: 'managedidentity'
    ServiceBusConnection__clientId: identityClientId
    AZURE_CLIENT_ID: identityClientId
    APPLICATIONINSIGHTS_CONNECTION_STRING: insightsConnection
    APPLICATIONINSIGHTS_AUTHENTICATION_STRING: 'ClientId=${identityClientId};Authorization=AAD'
    // How our code reaches the services: addresses, no keys.
    AzureWebJobsStorage__tableServiceUri: tableEndpoint
    ServiceBusConnection__fullyQualifiedNamespace: serviceBusHost
    WebPubSubConnectionString__serviceUri: webPubSubUri
    // functions/platform/settings.ts; docs/operations.md says what each means.
    WEBHOOK_CODE: webhookCode
    SESSION_SIGNING_KEY: sessionSigningKey
    GUESTS: guests
    SESSION_HOURS: '720'
    ACCOUNTS: accounts
    OIDC_PROVIDERS: oidcProviders
    ACCESS_MINUTES: '15'
    REFRESH_DAYS: '30'
    ACCESS_CACHE_SECONDS: '5'
    LIMITS: 'on'
    TRACES: traces
    TRUSTED_PROXIES: '0'
    INTENT_SECONDS: '30'
    CONNECTION_SECONDS: '600'
    DIRECTORY_CACHE_SECONDS: '2'
  }
}

// Nobody uploads by a password.
resource noFtpPassword 'Microsoft.Web/sites/basicPublishingCredentialsPolicies@2024-04-01' = {
  parent: app
  name: 'ftp'
  properties: { allow: false }
}

resource noUploadPassword 'Microsoft.Web/sites/basicPublishingCredentialsPolicies@2024-04-01' = {
  parent: app
  name: 'scm'
  properties: { allow: false }
}

@description('Name of the Function App.')
output name string = app.name
@description('Host of the Function App.')
output host string = app.properties.defaultHostName
