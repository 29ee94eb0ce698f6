using Kilde.Testing;

[assembly: AssemblyFixture(typeof(PostgresServer))]
