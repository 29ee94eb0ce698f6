using Kilde.Quality.Tests.Kit;
using Kilde.Testing;

namespace Kilde.Quality.Tests.Checks;

/// <summary>The repository's own checks, over the register's own tables.</summary>
public sealed class WholeRegisterTests(PostgresServer postgres)
{
    [Fact]
    public async Task Every_check_runs_over_the_tables_its_views_come_from_and_finds_nothing_where_nothing_is()
    {
        await using var register = await CheckedRegister.StartWholeAsync(postgres);

        await register.FollowAllAsync();

        (await register.QueryAsync<string>("select check_id from quality.checked"))
            .ShouldBe(register.Run.Checks.Select(check => check.Id), ignoreOrder: true);
        (await register.QueryAsync<string>("select check_id || ' ' || subject from quality.measurement"))
            .ShouldBeEmpty();
    }
}
