// The one identity of the app. Its roles are given beside what they open, before the app that has it is made.
@description('Name of the identity.')
param name string
@description('Region.')
param location string
@description('Tags.')
param tags object

resource identity 'Microsoft.ManagedIdentity/userAssignedIdentities@2023-01-31' = {
  name: name
  location: location
  tags: tags
}

@description('Resource id of the identity.')
output id string = identity.id
@description('Object id, to which roles are given.')
output principalId string = identity.properties.principalId
@description('Client id, by which the app names it.')
output clientId string = identity.properties.clientId
