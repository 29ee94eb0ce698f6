using Kilde.Quality.Tests.Kit;
using Kilde.Testing;

[assembly: AssemblyFixture(typeof(PostgresServer))]
[assembly: AssemblyFixture(typeof(MailServer))]
