// Logs and traces: a Log Analytics workspace, and Application Insights over it.
@description('Name of the workspace.')
param workspaceName string
@description('Name of the Application Insights component.')
param componentName string
@description('Region.')
param location string
@description('Tags.')
param tags object
@description('Object id of the identity of the app.')
param appPrincipalId string

resource workspace 'Microsoft.OperationalInsights/workspaces@2023-09-01' = {
  name: workspaceName
  location: location
  tags: tags
  properties: {
    sku: { name: 'PerGB2018' }
    retentionInDays: 30
    // A day of logs that costs more than the chat is a mistake: it ends at the cap, and an alert of Azure says so.
    workspaceCapping: { dailyQuotaGb: 5 }
    features: { disableLocalAuth: true }
  }
}

resource component 'Microsoft.Insights/components@2020-02-02' = {
  name: componentName
  location: location
  tags: tags
  kind: 'web'
  properties: {
    Application_Type: 'web'
    WorkspaceResourceId: workspace.id
    DisableLocalAuth: true
  }
}

// Monitoring Metrics Publisher: the Functions host sends telemetry as the app's identity, since keys are off.
resource publishesTelemetry 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(component.id, appPrincipalId, '3913510d-42f4-4e42-8a64-420c390055eb')
  scope: component
  properties: {
    principalId: appPrincipalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', '3913510d-42f4-4e42-8a64-420c390055eb')
  }
}

@description('Resource id of the workspace.')
output workspaceId string = workspace.id
@description('Resource id of the component.')
output componentId string = component.id
@description('Where telemetry goes. It names the component and opens nothing: local authentication is off.')
output connection string = component.properties.ConnectionString
