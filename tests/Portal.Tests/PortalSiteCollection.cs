namespace Kilde.Portal.Tests;

/// <summary>The tests that share the one site.</summary>
[CollectionDefinition(nameof(PortalSite))]
public class PortalSiteCollection : ICollectionFixture<PortalSite>;
