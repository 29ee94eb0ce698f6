using Dapper;
using Kilde.Definitions.Model;
using Kilde.Definitions.Publishing;
using Kilde.Kernel;
using Kilde.Register.Tests.Kit;
using Kilde.Testing;

namespace Kilde.Register.Tests;

/// <summary>Every message type in JSON, by its own example: read, merged, and shown as it stands and stood.</summary>
public class EveryTypeTests(PostgresServer postgres)
{
    private static readonly OrganizationNumber Sender = OrganizationNumber.Parse("310211036");

    [Fact]
    public async Task The_example_of_every_type_is_taken_in_and_each_of_its_records_is_shown()
    {
        await using var register = await WholeRegister.StartAsync(postgres);
        var types = register.Catalogue.MessageTypes.Where(type => type.Format == WireFormat.Json).ToList();
        foreach (var type in types)
        {
            var example = ExampleMessage.Of(type);
            await register.TakeInAsync(type.Name, example, Sender);
            (await register.TakeInAsync(type.Name, example, Sender)).Unchanged
                .ShouldBe(type.RecordTypes.Count, $"{type} sent again");

            foreach (var record in type.RecordTypes)
            {
                var versions = await register.Reader.ReadHistoryAsync(
                    record.Table, $"{Sender}", record.Key.Example, WholeRegister.Ground,
                    TestContext.Current.CancellationToken);
                var version = versions.ShouldHaveSingleItem(record.Table);
                version.EndedBy.ShouldBeNull();
                version.Values.Where(value => value.Value is not null).Select(value => value.Key)
                    .ShouldContain(record.Event.Column!, record.Table);
            }
        }

        types.Count.ShouldBeGreaterThan(3);
        await using var connection = await register.Databases.Register.Source.OpenConnectionAsync(
            TestContext.Current.CancellationToken);
        (await connection.QueryAsync<string>("select distinct record_table from register.contact")).ShouldBe(
            types.SelectMany(type => type.RecordTypes).Where(record => record.Contact is not null)
                .Select(record => record.Table),
            ignoreOrder: true);
    }
}
