using Dapper;
using Kilde.Kernel;
using Kilde.Platform.Databases;
using Microsoft.Extensions.DependencyInjection;

namespace Kilde.Portal.Tests;

/// <summary>
/// Figures of the sender's own unit, a large part of it and a small one, as they would be counted; few in one age. And
/// of a hospital trust with two sites.
/// </summary>
public static class SyntheticFigures
{
    public const string Part = "312701103";
    public const string SmallPart = "312701111";
    public const string District = "110303";
    public const string Site = "312701103";
    public const string OtherSite = "312701111";
    public const int Year = 2025;

    public static OrganizationNumber Trust => SyntheticDay.SilentUnit;

    public static async Task CountAsync(IServiceProvider services, CancellationToken cancellation)
    {
        await using var connection = await services.GetRequiredService<RegisterDatabase>().Source
            .OpenConnectionAsync(cancellation);
        await connection.ExecuteAsync(
            """
            insert into quality.figure_count (
              figure_id, unit, municipality, data_year, part, category, persons, basis, amount)
            select figure_id, @unit, '1103', year, part, category, persons * scale, basis * scale, basis * scale * 6.5
            from (values
              ('recipients', '', 400, 300), ('recipients', '15', 300, 280), ('recipients', '6', 120, 0),
              ('recipients', '3', 3, 3), ('living', '', 380, 0), ('living', 'resident', 80, 0),
              ('living', 'home', 300, 0), ('ages', '', 400, 0), ('ages', '18', 3, 0), ('ages', '67', 197, 0),
              ('ages', '80', 200, 0), ('mapped', 'resident/nutrition', 40, 80), ('mapped', 'home/household', 297, 300)
            ) as whole (figure_id, category, persons, basis)
            cross join (values (@year), (@year - 1)) as years (year)
            cross join (values ('', 1), (@large, 1), (@small, 0), (@district, 1)) as parts (part, scale)
            """,
            new
            {
                unit = $"{SyntheticDay.OwnUnit}", year = Year, large = Part, small = SmallPart, district = District,
            });
        await connection.ExecuteAsync(
            """
            update quality.figure_count set persons = persons / 2, basis = basis / 2, amount = amount / 2
            where part in (@large, @district) and unit = @unit;
            update quality.figure_count set persons = 2 where part = @small and unit = @unit and category <> '3';
            """,
            new { unit = $"{SyntheticDay.OwnUnit}", large = Part, small = SmallPart, district = District });
        await connection.ExecuteAsync(
            """
            insert into quality.figure_count (
              figure_id, unit, municipality, data_year, part, category, persons, basis, amount)
            select 'levels', @trust, null, @year, part, category, persons, persons, persons * 2
            from (values ('', 5210), (@site, 1210), (@other, 4000)) as parts (part, persons)
            cross join (values (''), ('1')) as categories (category)
            """,
            new { trust = $"{Trust}", year = Year, site = Site, other = OtherSite });
    }
}
