using Kilde.Portal.Tests;
using Kilde.Testing;

[assembly: AssemblyFixture(typeof(PostgresServer))]
[assembly: AssemblyFixture(typeof(Chromium))]

// The tests share one site: they run one after another, so that what one sets up does not surprise another.
[assembly: CollectionBehavior(CollectionBehavior.CollectionPerAssembly)]
