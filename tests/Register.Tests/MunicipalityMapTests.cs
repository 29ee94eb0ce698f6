using Dapper;
using Kilde.Kernel;
using Kilde.Register.Tests.Kit;
using Kilde.Testing;

namespace Kilde.Register.Tests;

public class MunicipalityMapTests(PostgresServer postgres)
{
    [Theory]
    [InlineData("0301", 5)]
    [InlineData("1144", 1)]
    [InlineData("0403", 4)] // Hamar, 3403 since 2020
    [InlineData("1201", 5)] // Bergen, 4601 since 2020
    [InlineData("1507", null)] // Ålesund with Haram, divided in 2024
    [InlineData("5012", null)] // Snillfjord, divided in 2020
    [InlineData("2100", null)]
    [InlineData("9999", null)]
    [InlineData("0001", null)]
    [InlineData("974778726", null)]
    [InlineData("", null)]
    [InlineData(null, null)]
    public async Task Sql_knows_the_size_of_a_municipality_under_any_of_its_numbers(string? code, int? size)
    {
        await using var register = await TestRegister.StartAsync(postgres);
        await using var connection = await register.Source.OpenConnectionAsync(TestContext.Current.CancellationToken);

        (await connection.QuerySingleAsync<int?>("select register.size_group_2024(@code)", new { code }))
            .ShouldBe(size);
    }

    [Fact]
    public async Task Sql_and_code_agree_on_every_municipality_of_every_year()
    {
        await using var register = await TestRegister.StartAsync(postgres);
        await using var connection = await register.Source.OpenConnectionAsync(TestContext.Current.CancellationToken);
        MunicipalityCode[] codes = [.. Enumerable.Range(1987, 40).SelectMany(MunicipalityCode.InUse).Distinct()];

        var told = await connection.QueryAsync<(string, int?, string[])>(
            """
            select code, register.size_group_2024(code), register.municipalities_today(code) from unnest(@codes) as code
            """,
            new { codes = codes.Select(code => $"{code}").ToArray() });

        codes.Length.ShouldBeGreaterThan(700);
        foreach (var (text, size, today) in told)
        {
            var code = MunicipalityCode.Parse(text);
            size.ShouldBe(MunicipalitySizeGroup.Of(code)?.Number, text);
            today.ShouldBe(code.MapTo(DateOnly.MaxValue.Year).Select(each => $"{each}"), text);
        }
    }
}
