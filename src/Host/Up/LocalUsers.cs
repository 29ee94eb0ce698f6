using Kilde.Kernel;
using Kilde.Platform.Development;
using Kilde.Synthetic;

namespace Kilde.Host.Up;

/// <summary>Made-up persons to sign in as: one for each role, and for each kind of part of a unit.</summary>
public static class LocalUsers
{
    public static IReadOnlyList<TestUser> Of(SyntheticNorway norway)
    {
        var (first, second) = (norway.Units[0], norway.Units[1]);
        return
        [
            New("registermedarbeider", "Randi Register", "Registermedarbeider", ("role", "staff")),
            New("avsender-1", "Anders Avsender", $"Avsender, {first.Name}",
                ("role", "sender"), ("unit", first.Number.ToString())),
            New("avsender-2", "Siri Sender", $"Avsender, {second.Name}",
                ("role", "sender"), ("unit", second.Number.ToString())),
            New("avsender-3", "Helge Helseforetak", $"Avsender, {LocalFiles.Trust.Name}",
                ("role", "sender"), ("unit", LocalFiles.Trust.Number.ToString())),
            New("avsender-4", "Kari Kommune", $"Avsender, {LocalFiles.Municipality.Name} kommune",
                ("role", "sender"), ("unit", MunicipalityYear.NumberOf(LocalFiles.Municipality).ToString())),
            New("avsender-5", "Ulla Underenhet", $"Enhet i {LocalFiles.Municipality.Name} kommune",
                ("role", "sender"), ("unit", MunicipalityYear.NumberOf(LocalFiles.Municipality).ToString()),
                ("part", MunicipalityYear.ProviderOf(LocalFiles.Municipality, 0).ToString())),
            New("avsender-6", "Bodil Bydel", $"Bydel {District.Name} i {District.Municipality.Name}",
                ("role", "sender"), ("unit", MunicipalityYear.NumberOf(LocalFiles.Municipality).ToString()),
                ("part", District.ToString())),
            New("avsender-7", "Inger Institusjon", $"Enhet i {LocalFiles.Trust.Name}",
                ("role", "sender"), ("unit", LocalFiles.Trust.Number.ToString()),
                ("part", LocalFiles.Trust.Institutions[0].Number.ToString())),
            New("leverandor", "Vidar Vendor", $"Leverandør, {first.Product.Vendor}",
                ("role", "vendor"), ("unit", first.Product.VendorNumber.ToString())),
            New("revisor", "Reidun Revisor", "Revisor", ("role", "auditor")),
        ];
    }

    private static UrbanDistrictCode District { get; } =
        UrbanDistrictCode.All.First(district => district.Municipality == LocalFiles.Municipality);

    private static TestUser New(
        string id, string name, string description, params (string Name, string Value)[] claims) =>
        new(id, name, description, claims.ToDictionary(claim => claim.Name, claim => claim.Value));
}
